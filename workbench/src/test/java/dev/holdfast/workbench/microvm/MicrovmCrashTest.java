package dev.holdfast.workbench.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Victim;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.Reaper;
import dev.holdfast.workbench.oci.Traces;
import java.nio.file.Path;
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
}
