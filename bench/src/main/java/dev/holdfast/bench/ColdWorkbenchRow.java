package dev.holdfast.bench;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** From nothing to a first answer and back to nothing. */
final class ColdWorkbenchRow implements Row {
  private static final double MILLIS = 1e6;
  private static final double MOST = 1.3;

  @Override
  public String name() {
    return "cold-workbench";
  }

  @Override
  public String about() {
    return "create, first answer, destroy; peers: runc, crun, bwrap";
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    var state = setting.temporary("cold");
    var engine = OciEngine.open(state);
    setting.ends().add("engine", engine::close);
    var race =
        new Race(
            Contender.timing(
                () -> {
                  try (var workbench = engine.create(WorkbenchSpec.empty(Caps.DEFAULT))) {
                    if (!workbench.exec(ExecSpec.of("true")).succeeded()) {
                      throw new BenchException("`true` failed in the workbench");
                    }
                  }
                }));
    runtime(race, "runc", state);
    runtime(race, "crun", state);
    bubblewrap(race);
    race.without("docker run", "needs a Docker daemon: apt-get install docker.io");
    return result(race.run(3, setting.rounds(60), Duration.ofSeconds(60)));
  }

  private Result result(Race.Outcome outcome) {
    double fastest =
        outcome.peers().entrySet().stream()
            .filter(peer -> !peer.getKey().startsWith("bwrap"))
            .mapToDouble(peer -> peer.getValue().percentile(50))
            .min()
            .orElseThrow(
                () ->
                    new BenchException(
                        "no OCI runtime to compare with works here: apt-get install runc"));
    double ratio = outcome.ours().percentile(50) / fastest;
    return new Result(
        name(),
        "ms",
        Result.figures(outcome.ours(), MILLIS),
        Result.medians(outcome, MILLIS),
        outcome.missing(),
        ratio,
        "p50 ≤ 1.3 × the fastest OCI runtime alone",
        ratio <= MOST,
        List.of());
  }

  private static void runtime(Race race, String name, Path state) throws Exception {
    var peer = name + " run";
    var program = Programs.find(name);
    if (program.isEmpty()) {
      race.without(peer, "not installed: apt-get install " + name);
      return;
    }
    try {
      var bundle = Bundle.make(state.resolve("peer-" + name), program.get());
      bundle.run();
      race.against(peer, Contender.timing(bundle::run));
    } catch (BenchException e) {
      race.without(peer, "does not work on this host: " + e.getMessage());
    }
  }

  private static void bubblewrap(Race race) throws Exception {
    if (Programs.find("bwrap").isEmpty()) {
      race.without("bwrap", "not installed: apt-get install bubblewrap");
      return;
    }
    String[] argv = {
      "bwrap",
      "--unshare-all",
      "--die-with-parent",
      "--ro-bind",
      "/usr",
      "/usr",
      "--symlink",
      "usr/lib",
      "/lib",
      "--symlink",
      "usr/lib64",
      "/lib64",
      "--proc",
      "/proc",
      "--dev",
      "/dev",
      "--tmpfs",
      "/tmp",
      "/usr/bin/true"
    };
    race.against("bwrap", Contender.timing(() -> Programs.run(argv)));
  }
}
