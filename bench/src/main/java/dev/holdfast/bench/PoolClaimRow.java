package dev.holdfast.bench;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.microvm.MicrovmEngine;
import dev.holdfast.workbench.oci.OciEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;

/**
 * From asking for a workbench that was started ahead to its first answer.
 *
 * @param held what is held ready, with its article
 * @param open the engine of a state directory
 * @param rounds how often it is claimed
 */
record PoolClaimRow(String name, String held, Function<Path, WorkbenchEngine> open, int rounds)
    implements Row {
  private static final double MOST = 2;
  private static final String LIVE = "call in a live workbench";

  static PoolClaimRow ofContainers() {
    return new PoolClaimRow("pool-claim", "a workbench", OciEngine::open, 200);
  }

  static PoolClaimRow ofGvisor() {
    return new PoolClaimRow("gvisor-claim", "a gVisor workbench", OciEngine::openGvisor, 40);
  }

  static PoolClaimRow ofMicrovms() {
    return new PoolClaimRow("microvm-claim", "a microVM", MicrovmEngine::open, 20);
  }

  @Override
  public String about() {
    return "claim %s held ready, with its workspace, and run `true`; peer: a live call"
        .formatted(held);
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    var state = setting.temporary("pool");
    var engine = open.apply(state);
    setting.ends().add("engine", engine::close);
    var workspace = Files.createDirectory(state.resolve("workspace"));
    Files.setAttribute(workspace, "unix:uid", engine.owner());
    var live = engine.create(WorkbenchSpec.over(workspace, Caps.DEFAULT));
    var race =
        new Race(() -> claim(engine, workspace))
            .against(LIVE, Contender.timing(() -> Calls.runTrue(live)))
            .run(rounds / 20, setting.rounds(rounds), Duration.ofSeconds(60));
    return Result.of(
        this,
        Result.Unit.MILLIS,
        race,
        Verdict.atMost(MOST, race.ratioTo(LIVE), "p50 ≤ 2 × a call in a live workbench"),
        "starting it ahead and ending it afterwards do not count");
  }

  private static long claim(WorkbenchEngine engine, Path workspace) {
    var kind = WorkbenchKind.of(WorkbenchSpec.empty(Caps.DEFAULT));
    try (var standby = engine.standBy(kind).orElseThrow()) {
      long start = System.nanoTime();
      try (var workbench = standby.claim(workspace)) {
        Calls.runTrue(workbench);
        return System.nanoTime() - start;
      }
    }
  }
}
