package dev.holdfast.workbench.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Victim;
import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class GvisorCrashTest {
  @TempDir Path home;

  /** Makes some to be held ready, and claims every other one, until it is killed. */
  static final class Sandboxes {
    private Sandboxes() {}

    public static void main(String[] args) throws IOException {
      Path home = Path.of(args[0]);
      OciEngine engine = OciEngine.openGvisor(home);
      Path workspace = Files.createDirectories(home.resolve("workspace"));
      Files.setAttribute(workspace, "unix:uid", AgentIds.OWNER);
      System.out.println("ready");
      for (int i = 0; i < 1000; i++) {
        var standby = engine.standBy(WorkbenchKind.of(WorkbenchSpec.empty(Caps.DEFAULT)));
        if (i % 2 == 0) {
          var _ = standby.orElseThrow().claim(workspace);
        }
      }
    }
  }

  @Test
  void afterKillNineTheReaperEndsWhatWasHeldReadyOrClaimed() throws Exception {
    for (int round = 0; round < 3; round++) {
      Victim.start(Sandboxes.class, home).killWithin(1500, "ready");

      Reaper.Report report = Reaper.of(home).reapDead();

      assertThat(report.failed()).isEmpty();
      for (String name : report.ended()) {
        Traces.assertNone(home, new WorkbenchId(name));
      }
      assertThat(Reaper.of(home).reapDead().ended()).isEmpty();
    }
  }
}
