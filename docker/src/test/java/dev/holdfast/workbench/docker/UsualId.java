package dev.holdfast.workbench.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whom the agent is, inside and outside, where a daemon maps users as the container layer does. */
final class UsualId {
  private UsualId() {}

  static void assertHeldBy(DockerEngine engine, Path workspace, Caps caps) throws IOException {
    assertThat(engine.mapsUsers()).isTrue();
    Files.createDirectory(workspace);
    Files.setAttribute(workspace, "unix:uid", engine.owner());
    Files.setAttribute(workspace, "unix:gid", engine.owner());
    try (Workbench workbench = engine.create(WorkbenchSpec.over(workspace, caps))) {
      var result =
          workbench.exec(ExecSpec.of("sh", "-c", "touch made; id -u; cat /proc/self/uid_map"));
      assertThat(result.stdoutText().split("\\s+"))
          .containsExactly("1000", "0", Integer.toString(AgentIds.FIRST), "65536");
    }
    assertThat(Files.getAttribute(workspace.resolve("made"), "unix:uid")).isEqualTo(engine.owner());
  }
}
