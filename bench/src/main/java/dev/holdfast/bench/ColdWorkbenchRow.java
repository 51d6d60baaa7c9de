package dev.holdfast.bench;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import java.time.Duration;

/** From nothing to a first answer and back to nothing. */
final class ColdWorkbenchRow implements Row {
  private static final double MOST = 1.3;
  private static final int DOCKER_EVERY = 3;
  private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(15);

  @Override
  public String name() {
    return "cold-workbench";
  }

  @Override
  public String about() {
    return "create, first answer, destroy; peers: runc run, crun run, bwrap, docker run";
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    var state = setting.temporary("cold");
    var engine = OciEngine.open(state);
    setting.ends().add("engine", engine::close);
    var race = new Race(Contender.timing(() -> once(engine)));
    new ContainerPeers(setting, state.resolve("peers")).cold(race, DOCKER_EVERY);
    // The runtimes are compiled; what starts ours is a process that has been at work for a while.
    long enough = System.nanoTime() + LONGEST_WARM_UP.toNanos();
    for (int i = 0; i < 3 * setting.rounds(60) && System.nanoTime() < enough; i++) {
      once(engine);
    }
    return result(race.run(5, setting.rounds(60), Duration.ofSeconds(60)), engine.runtime());
  }

  private static void once(OciEngine engine) {
    try (var workbench = engine.create(WorkbenchSpec.empty(Caps.DEFAULT))) {
      Calls.runTrue(workbench);
    }
  }

  private Result result(Race.Outcome outcome, String runtime) {
    double fastest =
        outcome.peers().entrySet().stream()
            .filter(peer -> peer.getKey().matches("runc run|crun run"))
            .mapToDouble(peer -> peer.getValue().percentile(50))
            .min()
            .orElseThrow(
                () ->
                    new BenchException(
                        "no OCI runtime to compare with works here: apt-get install crun runc"));
    return Result.of(
        this,
        Result.Unit.MILLIS,
        outcome,
        Verdict.atMost(
            MOST,
            outcome.ours().percentile(50) / fastest,
            "p50 ≤ 1.3 × the fastest OCI runtime alone"),
        "the workbenches were started with " + runtime);
  }
}
