package dev.holdfast.bench;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Checkpoints;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchCheckpoint;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Memory saved and continued on the gVisor layer, beside gVisor's own program. */
record SavedWorkbenchRow(Step step) implements Row {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final double MOST = 1.2;

  /** What is in the memory that is saved: a process that waits. */
  private static final String[] PROGRAM = {"/usr/bin/sleep", "3600"};

  /** Which half is measured. */
  enum Step {
    CHECKPOINT(
        "gvisor-checkpoint",
        "a live gVisor workbench saved with its memory, going on; peer: runsc checkpoint",
        "runsc checkpoint"),
    RESTORE(
        "gvisor-restore",
        "a gVisor workbench from its saved memory, and its first answer; peer: runsc restore",
        "runsc restore");

    private final String row;
    private final String about;
    private final String peer;

    Step(String row, String about, String peer) {
      this.row = row;
      this.about = about;
      this.peer = peer;
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
    Path state = setting.temporary("saved");
    var engine = OciEngine.openGvisor(state);
    setting.ends().add("engine", engine::close);
    var peers = new ContainerPeers(setting, state.resolve("peers"));
    Path images = Files.createDirectories(state.resolve("images"));
    var workbench = engine.create(WorkbenchSpec.empty(Caps.DEFAULT));
    var _ = workbench.start(ExecSpec.of(PROGRAM));
    Checkpoints checkpoints = engine.checkpoints().orElseThrow();
    var race =
        switch (step) {
          case CHECKPOINT -> {
            var ours = new Race(() -> save(checkpoints, workbench));
            peers.checkpointGvisor(ours, images, PROGRAM);
            yield ours;
          }
          case RESTORE -> {
            var saved = checkpoints.take(workbench, Content.FILES_AND_MEMORY);
            var ours = new Race(() -> restore(checkpoints, saved));
            peers.restoreGvisor(ours, images, PROGRAM);
            yield ours;
          }
        };
    Race.Outcome outcome = race.run(2, setting.rounds(20), LIMIT);
    return Result.of(
        this,
        Result.Unit.MILLIS,
        outcome,
        Verdict.atMost(MOST, outcome.ratioTo(step.peer), "p50 ≤ 1.2 × runsc's own"),
        "a process that waits is in the memory; ours checks and keeps a digest");
  }

  static long save(Checkpoints checkpoints, Workbench workbench) {
    long start = System.nanoTime();
    WorkbenchCheckpoint saved = checkpoints.take(workbench, Content.FILES_AND_MEMORY);
    long nanos = System.nanoTime() - start;
    checkpoints.remove(saved.id());
    return nanos;
  }

  static long restore(Checkpoints checkpoints, WorkbenchCheckpoint saved) {
    long start = System.nanoTime();
    try (var restored = checkpoints.restore(saved.id(), WorkbenchSpec.empty(Caps.DEFAULT))) {
      Calls.runTrue(restored);
      return System.nanoTime() - start;
    }
  }
}
