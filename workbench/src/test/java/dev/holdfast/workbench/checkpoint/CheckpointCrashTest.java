package dev.holdfast.workbench.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Victim;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchCheckpoint;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import dev.holdfast.workbench.oci.Reaper;
import dev.holdfast.workbench.oci.Traces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Of a Holdfast that is killed while it saves nothing remains but what it had finished saving. */
@Timeout(300)
class CheckpointCrashTest {
  private static final Caps CAPS = Caps.DEFAULT.withMemoryBytes(128L << 20);
  @TempDir Path home;

  /** Saves until it is killed. */
  static final class Saver {
    private Saver() {}

    public static void main(String[] args) {
      OciEngine engine = OciEngine.openGvisor(Path.of(args[0]));
      var workbench = engine.create(WorkbenchSpec.empty(CAPS));
      var checkpoints = engine.checkpoints().orElseThrow();
      var _ = checkpoints.take(workbench, Content.FILES_AND_MEMORY);
      System.out.println("ready");
      for (int i = 0; i < 100; i++) {
        var _ = checkpoints.take(workbench, Content.FILES_AND_MEMORY);
        workbench.pause();
        workbench.resume();
      }
    }
  }

  @Test
  void onlyWhatWasSavedRemainsAndGoesOn() throws Exception {
    for (int round = 0; round < 3; round++) {
      Victim.start(Saver.class, home).killWithin(800, "ready");

      Reaper.Report report = Reaper.of(home).reapDead();
      assertThat(report.failed()).isEmpty();
      for (String name : report.ended()) {
        Traces.assertNone(home, new WorkbenchId(name));
      }
      try (OciEngine engine = OciEngine.openGvisor(home)) {
        var checkpoints = engine.checkpoints().orElseThrow();
        List<WorkbenchCheckpoint> saved = checkpoints.list();
        assertThat(saved).isNotEmpty();
        checkpoints.restore(saved.getLast().id(), WorkbenchSpec.empty(CAPS)).close();
        saved.forEach(one -> checkpoints.remove(one.id()));
        assertThat(checkpoints.list()).isEmpty();
      }
      assertNothingButTheLock();
    }
  }

  private void assertNothingButTheLock() throws IOException {
    try (var left = Files.list(home.resolve("checkpoints"))) {
      assertThat(left.map(path -> path.getFileName().toString())).containsExactly("lock");
    }
  }
}
