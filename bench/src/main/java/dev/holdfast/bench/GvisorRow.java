package dev.holdfast.bench;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import java.time.Duration;

/** Workbenches on the gVisor layer beside gVisor's own program. */
record GvisorRow(Step step) implements Row {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int EXEC_EVERY = 10;

  /** What is measured, and against what it is judged. */
  enum Step {
    LIVE(
        "gvisor-live-call",
        "`true` in a live gVisor workbench; peers: piped shell in it, runsc exec",
        "true by a piped shell",
        "p50 ≤ 1.3 × a piped shell in the same sandbox",
        1.3),
    COLD(
        "gvisor-cold",
        "a gVisor workbench: create, first answer, destroy; peer: runsc run",
        "runsc run",
        "p50 ≤ 1.3 × runsc alone",
        1.3);

    private final String row;
    private final String about;
    private final String peer;
    private final String promise;
    private final double most;

    Step(String row, String about, String peer, String promise, double most) {
      this.row = row;
      this.about = about;
      this.peer = peer;
      this.promise = promise;
      this.most = most;
    }
  }

  @Override
  public String name() {
    return step.row;
  }

  @Override
  public String about() {
    return step.about;
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    var state = setting.temporary("gvisor");
    var engine = OciEngine.openGvisor(state);
    setting.ends().add("engine", engine::close);
    var peers = new ContainerPeers(setting, state.resolve("peers"));
    return switch (step) {
      case LIVE -> live(engine, peers, setting);
      case COLD -> cold(engine, peers, setting);
    };
  }

  private Result live(OciEngine engine, ContainerPeers peers, Setting setting) throws Exception {
    var workbench = engine.create(WorkbenchSpec.empty(Caps.DEFAULT));
    try (var shell = PipedShell.in(workbench)) {
      var race =
          new Race(Contender.timing(() -> Calls.runTrue(workbench)))
              .against(step.peer, Contender.timing(shell::runTrue));
      peers.liveGvisor(race, EXEC_EVERY);
      return result(race.run(20, setting.rounds(300), LIMIT), engine);
    }
  }

  private Result cold(OciEngine engine, ContainerPeers peers, Setting setting) throws Exception {
    var race = new Race(Contender.timing(() -> once(engine)));
    peers.coldGvisor(race);
    return result(race.run(2, setting.rounds(20), LIMIT), engine);
  }

  private static void once(OciEngine engine) {
    try (var workbench = engine.create(WorkbenchSpec.empty(Caps.DEFAULT))) {
      Calls.runTrue(workbench);
    }
  }

  private Result result(Race.Outcome race, OciEngine engine) {
    return Result.of(
        this,
        Result.Unit.MILLIS,
        race,
        Verdict.atMost(step.most, race.ratioTo(step.peer), step.promise),
        "the workbenches were started with " + engine.runtime());
  }
}
