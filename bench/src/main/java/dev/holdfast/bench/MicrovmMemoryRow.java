package dev.holdfast.bench;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Checkpoints;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.microvm.BareQemu;
import dev.holdfast.workbench.microvm.MicrovmEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A microVM's memory saved and continued, beside QEMU that saves all of a machine. */
record MicrovmMemoryRow(Step step) implements Row {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final double MOST = 1.2;
  private static final String PEER = "QEMU alone, all of its memory";

  /** Which half is measured. */
  enum Step {
    CHECKPOINT("microvm-checkpoint", "a live microVM saved with its memory, going on"),
    RESTORE("microvm-memory-restore", "a microVM from its saved memory, and its first answer");

    private final String row;
    private final String about;

    Step(String row, String about) {
      this.row = row;
      this.about = about;
    }
  }

  @Override
  public String name() {
    return step.row;
  }

  @Override
  public String about() {
    return step.about + "; peer: " + PEER;
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    Path state = setting.temporary("memory");
    var engine = MicrovmEngine.open(state);
    setting.ends().add("engine", engine::close);
    var workbench =
        engine.create(WorkbenchSpec.empty(Caps.DEFAULT).saving(Content.FILES_AND_MEMORY));
    Calls.runTrue(workbench);
    Checkpoints checkpoints = engine.checkpoints().orElseThrow();
    var bare = new BareQemu(engine, Caps.DEFAULT, Files.createDirectory(state.resolve("bare")));
    Path whole = state.resolve("whole");
    try (var machine = bare.start()) {
      Race race =
          switch (step) {
            case CHECKPOINT ->
                new Race(() -> SavedWorkbenchRow.save(checkpoints, workbench))
                    .against(PEER, Contender.timing(() -> machine.save(whole)));
            case RESTORE -> {
              machine.save(whole);
              var again = bare.from(engine, Caps.DEFAULT, whole);
              var saved = checkpoints.take(workbench, Content.FILES_AND_MEMORY);
              yield new Race(() -> SavedWorkbenchRow.restore(checkpoints, saved))
                  .against(PEER, Contender.timing(again::once));
            }
          };
      Race.Outcome outcome = race.run(2, setting.rounds(20), LIMIT);
      return Result.of(
          this,
          Result.Unit.MILLIS,
          outcome,
          Verdict.atMost(MOST, outcome.ratioTo(PEER), "p50 ≤ 1.2 × QEMU's own"),
          "under software emulation; ours saves what differs from the snapshot, and keeps a digest");
    }
  }
}
