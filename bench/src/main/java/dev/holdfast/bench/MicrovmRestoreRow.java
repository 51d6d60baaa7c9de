package dev.holdfast.bench;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.microvm.BareQemu;
import dev.holdfast.workbench.microvm.MicrovmEngine;
import java.nio.file.Files;
import java.time.Duration;

/** A microVM from its snapshot to its first answer, and its end. */
final class MicrovmRestoreRow implements Row {
  private static final double MOST = 1.3;
  private static final String FLOOR = "QEMU alone, no jail, no answer";

  @Override
  public String name() {
    return "microvm-restore";
  }

  @Override
  public String about() {
    return "create from the snapshot, first answer, destroy; peer: QEMU alone, until it runs again";
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    var state = setting.temporary("microvm");
    var engine = MicrovmEngine.open(state);
    setting.ends().add("engine", engine::close);
    engine.prepare(Caps.DEFAULT);
    var bare = new BareQemu(engine, Caps.DEFAULT, Files.createDirectory(state.resolve("bare")));
    var race =
        new Race(Contender.timing(() -> once(engine)))
            .against(FLOOR, Contender.timing(bare::once))
            .run(2, setting.rounds(20), Duration.ofSeconds(90));
    return Result.of(
        this,
        Result.Unit.MILLIS,
        race,
        Verdict.atMost(MOST, race.ratioTo(FLOOR), "p50 ≤ 1.3 × QEMU alone"),
        "under software emulation",
        "ours includes a `true` inside and the end");
  }

  private static void once(MicrovmEngine engine) {
    try (var workbench = engine.create(WorkbenchSpec.empty(Caps.DEFAULT))) {
      Calls.runTrue(workbench);
    }
  }
}
