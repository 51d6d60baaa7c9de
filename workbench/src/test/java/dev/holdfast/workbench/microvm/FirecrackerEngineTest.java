package dev.holdfast.workbench.microvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.Jail;
import dev.holdfast.workbench.oci.OciEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Firecracker's driver does beside the contract, with a stand-in for Firecracker. */
@Timeout(300)
class FirecrackerEngineTest {
  private static final Caps CAPS = Caps.DEFAULT.withMemoryBytes(128L << 20);

  @TempDir Path home;

  @Test
  void oneHeldReadyGetsItsWorkspaceWhenItIsClaimed() throws Exception {
    Path workspace = Files.createTempDirectory(home, "late");
    Files.setAttribute(workspace, "unix:uid", OciEngine.OWNER);
    Files.setAttribute(workspace, "unix:gid", OciEngine.OWNER);
    Files.writeString(workspace.resolve("name"), "late");
    var kind = WorkbenchKind.of(WorkbenchSpec.empty(CAPS));
    try (MicrovmEngine engine = MicrovmEngine.open(home, FirecrackerStandIn::in);
        var workbench = engine.standBy(kind).orElseThrow().claim(workspace)) {
      var result = workbench.exec(ExecSpec.of("sh", "-c", "cat name; echo new > made; ls /dev"));

      assertThat(result.stdoutText()).startsWith("late").doesNotContain("vsock", "vport");
      assertThat(Files.readString(workspace.resolve("made"))).isEqualTo("new\n");
    }
  }

  @Test
  void aSnapshotIsTakenOnceAndNobodyWritesToIt() throws Exception {
    for (int i = 0; i < 2; i++) {
      try (MicrovmEngine engine = MicrovmEngine.open(home, FirecrackerStandIn::in);
          var workbench = engine.create(WorkbenchSpec.empty(CAPS))) {
        assertThat(workbench.exec(ExecSpec.of("true")).succeeded()).isTrue();
      }
    }
    List<Path> snapshots = snapshots();
    assertThat(snapshots).hasSize(1);
    for (String name : List.of("ram", "state")) {
      assertThat(Files.getAttribute(snapshots.getFirst().resolve(name), "unix:uid")).isEqualTo(0);
      assertThat(Files.getPosixFilePermissions(snapshots.getFirst().resolve(name)).toString())
          .doesNotContain("WRITE");
    }
  }

  private List<Path> snapshots() throws IOException {
    try (Stream<Path> all = Files.list(home.resolve("rootfs"))) {
      return all.filter(path -> path.getFileName().toString().matches("machine-.*-.*")).toList();
    }
  }

  @Test
  void aProgramThatIsNotFirecrackerIsRefusedAndLeavesNothing() {
    MicrovmEngine.Driver driver =
        (Jail jail, GuestKernel kernel) ->
            Firecracker.emulating(jail, Path.of("/usr/bin/false"), kernel);
    try (MicrovmEngine engine = MicrovmEngine.open(home, driver)) {
      assertThatThrownBy(() -> engine.create(WorkbenchSpec.empty(CAPS)))
          .isInstanceOf(WorkbenchException.class)
          .hasMessageContaining("has ended before it listened");
    }
    assertThat(home.resolve("run")).doesNotExist();
  }
}
