package dev.holdfast.workbench.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Standby;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What somebody finds in a sandbox that was started before there was a workspace for it. */
@Timeout(120)
class GvisorHeldReadyTest {
  private static final Caps CAPS = Caps.DEFAULT.withMemoryBytes(256L << 20);
  private static final WorkbenchKind KIND = WorkbenchKind.of(WorkbenchSpec.empty(CAPS));

  /** As the layer does it. */
  private static final String MOUNT = "/run/holdfast/guest --claim & sleep 0.5; kill $!; wait $!";

  @TempDir Path home;
  @TempDir Path files;
  private OciEngine engine;

  @BeforeEach
  void open() {
    engine = OciEngine.openGvisor(home);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private Path workspace(String name) throws IOException {
    Path workspace = Files.createDirectory(files.resolve(name));
    Files.writeString(workspace.resolve("name"), name);
    Files.setAttribute(workspace, "unix:uid", engine.owner());
    Files.setAttribute(workspace, "unix:gid", engine.owner());
    return workspace;
  }

  private Standby standby() {
    return engine.standBy(KIND).orElseThrow();
  }

  private static String sh(Workbench workbench, String script) {
    var result = workbench.exec(ExecSpec.of("sh", "-c", script));
    return result.stdoutText() + result.stderrText();
  }

  @Test
  void eachGetsItsWorkspaceWhenItIsClaimedAndNoOther() throws Exception {
    Standby first = standby();
    Standby second = standby();
    try (Workbench one = first.claim(workspace("one"));
        Workbench two = second.claim(workspace("two"))) {
      assertThat(sh(one, "pwd; cat name; echo new > made; ls"))
          .isEqualTo("/workspace\nonemade\nname\n");
      assertThat(sh(two, "pwd; cat name; ls")).isEqualTo("/workspace\ntwoname\n");
      assertThat(files.resolve("one/made")).hasContent("new");
      assertThat(Files.getAttribute(files.resolve("one/made"), "unix:uid"))
          .isEqualTo(engine.owner());
      assertThatThrownBy(() -> first.claim(files.resolve("two"))).hasMessageContaining("in use");
    }
    assertThat(Layout.in(home).empty()).isEmptyDirectory();
  }

  @Test
  void programsCannotTellItFromOneThatWasMadeWithItsWorkspace() throws Exception {
    String look =
        "sort /proc/mounts; stat -c '%n %a %u %g %h' / /workspace /workspace/..; df --output=target ."
            + "; stat -f -c %T .; mv name /tmp/name && mv /tmp/name . && ln name /tmp/link";
    WorkbenchSpec usual = WorkbenchSpec.over(workspace("usual"), CAPS);
    try (Workbench made = engine.create(usual);
        Workbench claimed = standby().claim(workspace("late"))) {
      assertThat(sh(claimed, look)).isEqualTo(sh(made, look)).contains("Invalid cross-device link");
    }
  }

  @Test
  void whatItWaitedWithIsOfNoUseInside() throws Exception {
    try (Workbench workbench = standby().claim(workspace("mine"))) {
      assertThat(sh(workbench, "cat /proc/mounts")).doesNotContain("held");
      assertThat(sh(workbench, "ls /run/holdfast/held")).contains("Permission denied");
      assertThat(sh(workbench, "cat /run/holdfast/held/workspace/name"))
          .contains("Permission denied");
      assertThat(sh(workbench, MOUNT)).contains("the workspace: Operation not permitted");
      assertThat(sh(workbench, "umount /workspace; cat name")).startsWith("mine");
      assertThat(sh(workbench, "ps -eo user,pid | grep -c root; true")).startsWith("0");
    }
  }

  @Test
  void withoutItsFileServerItIsNotHandedOut() throws Exception {
    Standby standby = standby();
    var id = new WorkbenchId(onlyEntry(Layout.in(home).run()));
    long server =
        Cgroups.ofHost().processes(id).stream()
            .filter(pid -> commandLine(pid).startsWith("runsc-gofer"))
            .findFirst()
            .orElseThrow();
    PidFd.kill(server, _ -> true);
    while (Files.exists(Path.of("/proc/" + server + "/ns/mnt"))) {
      Thread.sleep(1);
    }
    assertThatThrownBy(() -> standby.claim(workspace("lost")))
        .isInstanceOf(WorkbenchException.class);
    Traces.assertNone(home, id);
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
    } catch (IOException ended) {
      return "";
    }
  }

  private static String onlyEntry(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.toList().getFirst().getFileName().toString();
    }
  }
}
