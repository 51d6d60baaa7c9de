package dev.holdfast.workbench.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Standby;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A container that was started before anybody knew its workspace. */
final class HeldReady {
  private HeldReady() {}

  static void assertClaimed(DockerEngine engine, Path workspace, Caps caps) throws IOException {
    Files.createDirectory(workspace);
    Files.setAttribute(workspace, "unix:uid", engine.owner());
    Files.setAttribute(workspace, "unix:gid", engine.owner());
    Files.writeString(workspace.resolve("name"), "late");
    Standby standby = engine.standBy(WorkbenchKind.of(WorkbenchSpec.empty(caps))).orElseThrow();
    try (Workbench workbench = standby.claim(workspace)) {
      assertThat(
              workbench
                  .exec(ExecSpec.of("sh", "-c", "pwd; cat name; echo new > made"))
                  .stdoutText())
          .isEqualTo("/workspace\nlate");
      assertThat(workspace.resolve("made")).hasContent("new\n");
      assertThat(Files.getAttribute(workspace.resolve("made"), "unix:uid"))
          .isEqualTo(engine.owner());
      assertThat(workbench.files().read("made", 0, 9))
          .isEqualTo("new\n".getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> standby.claim(workspace)).hasMessageContaining("in use");
    }
  }
}
