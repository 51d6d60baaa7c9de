package dev.holdfast.bench;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** What a workbench costs that is there and does nothing, when there are many. */
final class DensityRow implements Row {
  private static final double KIB_PER_MIB = 1024;
  private static final double MOST_MIB = 1;
  private static final int AT_ONCE = 8;
  private static final int SLEEPERS = 5;
  private static final Duration WATCH = Duration.ofSeconds(10);

  /** Linux' USER_HZ, the unit of times in {@code /proc}, wherever Holdfast runs. */
  private static final double TICKS_PER_SECOND = 100;

  @Override
  public String name() {
    return "density";
  }

  @Override
  public String about() {
    return "memory of an idle workbench among 500; peer: an idle container of crun or runc";
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    var state = setting.temporary("density");
    var engine = OciEngine.open(state);
    setting.ends().add("engine", engine::close);
    Calls.runTrue(engine.create(WorkbenchSpec.empty(Caps.DEFAULT)));
    var crowd = gather(engine, setting.rounds(500));
    var missing = new LinkedHashMap<String, String>();
    var peers = containers(new ContainerPeers(setting, state.resolve("peers")), missing);
    return result(crowd, peers, missing);
  }

  /**
   * Idle workbenches.
   *
   * @param mib the memory of each one's processes, in order
   * @param ownMib how much Holdfast's process has grown, for each
   * @param processes all of them, and Holdfast's own
   * @param notes how long it took
   */
  private record Crowd(List<Double> mib, double ownMib, List<Path> processes, String notes) {
    double mib(int percent) {
      return mib.get(mib.size() * percent / 100) + ownMib;
    }
  }

  private static Crowd gather(OciEngine engine, int count) throws Exception {
    long before = ownKib();
    long start = System.nanoTime();
    var workbenches = make(engine, count);
    double made = seconds(start);
    start = System.nanoTime();
    workbenches.forEach(Calls::runTrue);
    var notes =
        "all made in %.1f s, %d at a time; all answered in %.2f s, one after the other"
            .formatted(made, AT_ONCE, seconds(start));
    double own = (ownKib() - before) / KIB_PER_MIB / count;
    var mib = new ArrayList<Double>();
    var processes = new ArrayList<>(List.of(Idle.self()));
    for (var workbench : workbenches) {
      var its = Idle.inGroup("holdfast-" + workbench.id().value());
      mib.add(Idle.pssKib(its) / KIB_PER_MIB);
      processes.addAll(its);
    }
    mib.sort(null);
    return new Crowd(mib, own, processes, notes);
  }

  private static SequencedMap<String, Double> containers(
      ContainerPeers peers, Map<String, String> missing) throws IOException, InterruptedException {
    var mib = new LinkedHashMap<String, Double>();
    for (var runtime : List.of("crun", "runc")) {
      try {
        mib.put(runtime + " container", container(peers, runtime));
      } catch (BenchException e) {
        missing.put(runtime + " container", String.valueOf(e.getMessage()));
      }
    }
    return mib;
  }

  private Result result(
      Crowd crowd, SequencedMap<String, Double> peers, SequencedMap<String, String> missing)
      throws InterruptedException {
    double layer =
        peers.values().stream()
            .mapToDouble(Double::doubleValue)
            .min()
            .orElseThrow(() -> new BenchException("no OCI runtime to compare with works here"));
    double beyond = crowd.mib(50) - layer;
    return new Result(
        name(),
        "MiB",
        new Result.Figures(crowd.mib(50), crowd.mib(99), crowd.mib().size()),
        peers,
        missing,
        beyond / MOST_MIB,
        "≤ 1 MiB beyond what the layer costs (ratio: to that)",
        beyond <= MOST_MIB,
        List.of(
            "of it in Holdfast's own process: %.3f MiB".formatted(crowd.ownMib()),
            crowd.notes(),
            "processor time of all of them and of Holdfast: %.2f %% of one processor"
                .formatted(busy(crowd.processes()))));
  }

  private static List<Workbench> make(OciEngine engine, int count) throws Exception {
    Callable<Workbench> one = () -> engine.create(WorkbenchSpec.empty(Caps.DEFAULT));
    var made = new ArrayList<Workbench>();
    try (var makers = Executors.newFixedThreadPool(AT_ONCE)) {
      for (var workbench :
          makers.invokeAll(IntStream.range(0, count).mapToObj(_ -> one).toList())) {
        made.add(workbench.get());
      }
    }
    return made;
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  /** Without what the collector has not been round for. */
  private static long ownKib() {
    System.gc();
    return Idle.pssKib(List.of(Idle.self()));
  }

  private static double container(ContainerPeers peers, String runtime)
      throws IOException, InterruptedException {
    var argv = new String[] {"/usr/bin/sleep", "86399." + runtime.hashCode() % 1000};
    for (int i = 0; i < SLEEPERS; i++) {
      peers.start(runtime, argv);
    }
    return Idle.pssKib(Idle.running(argv)) / KIB_PER_MIB / SLEEPERS;
  }

  /** Percent of one processor. */
  private static double busy(List<Path> processes) throws InterruptedException {
    long before = Idle.ticks(processes);
    Thread.sleep(WATCH);
    return (Idle.ticks(processes) - before) / TICKS_PER_SECOND / WATCH.toSeconds() * 100;
  }
}
