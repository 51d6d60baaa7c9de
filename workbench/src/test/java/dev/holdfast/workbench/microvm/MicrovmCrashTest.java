package dev.holdfast.workbench.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Victim;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.Reaper;
import dev.holdfast.workbench.oci.Traces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class MicrovmCrashTest {
  private static final Caps CAPS = Caps.DEFAULT.withMemoryBytes(128L << 20);

  @TempDir Path home;

  /** Makes machines, and some to be held ready, until it is killed. */
  static final class Machines {
    private Machines() {}

    public static void main(String[] args) {
      MicrovmEngine engine = MicrovmEngine.open(Path.of(args[0]));
      engine.prepare(CAPS);
      System.out.println("ready");
      for (int i = 0; i < 1000; i++) {
        var _ = engine.create(WorkbenchSpec.empty(CAPS));
        var _ = engine.standBy(WorkbenchKind.of(WorkbenchSpec.empty(CAPS)));
      }
    }
  }

  @Test
  void afterKillNineTheReaperEndsEveryMachine() throws Exception {
    for (int round = 0; round < 3; round++) {
      Victim.start(Machines.class, home).killWithin(1500, "ready");

      Reaper.Report report = Reaper.of(home).reapDead();

      assertThat(report.failed()).isEmpty();
      assertThat(Monitors.areGone(report.ended())).isTrue();
      for (String name : report.ended()) {
        Traces.assertNone(home, new WorkbenchId(name));
      }
      assertThat(Reaper.of(home).reapDead().ended()).isEmpty();
    }
  }

  /** Makes one machine of each kind, and waits to be killed. */
  static final class Pair {
    private Pair() {}

    public static void main(String[] args) throws Exception {
      Path home = Path.of(args[0]);
      MicrovmEngine engine = MicrovmEngine.open(home);
      var made = new ArrayList<String>();
      for (Content saves : Content.values()) {
        made.add(engine.create(WorkbenchSpec.empty(CAPS).saving(saves)).id().value());
      }
      Files.write(home.resolve("made"), made);
      System.out.println("ready");
      Thread.sleep(Duration.ofMinutes(4));
    }
  }

  @Test
  void machinesWhoseHostIsGoneEndByThemselves() throws Exception {
    Victim.start(Pair.class, home).killWithin(1, "ready");

    var made = Files.readAllLines(home.resolve("made"));
    assertThat(made).hasSize(2);
    assertThat(Monitors.areGone(made)).isTrue();
    assertThat(Reaper.of(home).reapDead().ended()).containsExactlyInAnyOrderElementsOf(made);
  }

  /** Saves until it is killed. */
  static final class Saver {
    private Saver() {}

    public static void main(String[] args) {
      MicrovmEngine engine = MicrovmEngine.open(Path.of(args[0]));
      var workbench = engine.create(WorkbenchSpec.empty(CAPS).saving(Content.FILES_AND_MEMORY));
      var checkpoints = engine.checkpoints().orElseThrow();
      var _ = checkpoints.take(workbench, Content.FILES_AND_MEMORY);
      System.out.println("ready");
      for (int i = 0; i < 100; i++) {
        var _ = checkpoints.take(workbench, Content.FILES_AND_MEMORY);
      }
    }
  }

  @Test
  void afterKillNineWhileSavingOnlyWhatWasSavedRemainsAndGoesOn() throws Exception {
    for (int round = 0; round < 3; round++) {
      Victim.start(Saver.class, home).killWithin(800, "ready");

      Reaper.Report report = Reaper.of(home).reapDead();
      assertThat(report.failed()).isEmpty();
      assertThat(Monitors.areGone(report.ended())).isTrue();
      try (MicrovmEngine engine = MicrovmEngine.open(home)) {
        var checkpoints = engine.checkpoints().orElseThrow();
        var saved = checkpoints.list();
        assertThat(saved).isNotEmpty();
        checkpoints.restore(saved.getLast().id(), WorkbenchSpec.empty(CAPS)).close();
        saved.forEach(one -> checkpoints.remove(one.id()));
      }
      try (var left = Files.list(home.resolve("checkpoints"))) {
        assertThat(left.map(path -> path.getFileName().toString())).containsExactly("lock");
      }
    }
  }
}
