package dev.holdfast.testkit.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every layer that runs images does with one, shown with a tree of busybox as the image store
 * lays one out. The engine is one for all tests.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ImagesContract {
  private static final Caps CAPS = Caps.DEFAULT.withMemoryBytes(128L << 20);

  private Path trees = Path.of("/");
  private Path tree = Path.of("/");
  private WorkbenchEngine engine;

  /** The engine of a state directory. */
  protected abstract WorkbenchEngine open(Path home);

  @BeforeAll
  void begin(@TempDir Path temporary) throws IOException {
    trees = Files.createDirectory(temporary.resolve("trees"));
    engine = open(temporary.resolve("home"));
  }

  @AfterAll
  void end() {
    engine.close();
  }

  @BeforeEach
  void layOut() throws IOException {
    tree = Files.createTempDirectory(trees, "tree");
    Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String directory : new String[] {"bin", "etc", "home/agent", "var", "run", "tmp"}) {
      Files.createDirectories(tree.resolve(directory));
    }
    Files.copy(Path.of("/bin/busybox"), tree.resolve("bin/busybox"));
    for (String name : new String[] {"sh", "id", "cat", "ls", "touch", "env"}) {
      Files.createSymbolicLink(tree.resolve("bin/" + name), Path.of("busybox"));
    }
    Files.writeString(tree.resolve("etc/hosts"), "");
    Files.writeString(tree.resolve("run/planted"), "from the image");
  }

  private String shell(Root root, String script) {
    try (var workbench = engine.create(WorkbenchSpec.empty(CAPS).on(root))) {
      var result = workbench.exec(ExecSpec.of("/bin/sh", "-c", script + " 2>&1"));
      return result.stdoutText() + result.stderrText();
    }
  }

  private Root image(AgentIds agent) {
    return new Root.Image(tree, Map.of("GREETING", "hello", "HOME", "/elsewhere"), agent);
  }

  @Test
  void theImageIsTheWholeSystem() {
    var seen = shell(image(AgentIds.DEFAULT), "id -u; ls -d /usr /lib; ls /run; cat /etc/hosts");
    assertThat(seen)
        .startsWith("1000\n")
        .contains("/usr: No such file", "/lib: No such file", "127.0.0.1 localhost")
        .doesNotContain("planted");
  }

  @Test
  void nothingOfTheImageCanBeChanged() {
    var seen =
        shell(
            image(AgentIds.DEFAULT),
            "touch /bin/new /new /etc/hosts /var/new; touch /home/agent/ok /tmp/ok /workspace/ok");
    assertThat(seen.lines())
        .hasSize(4)
        .allMatch(line -> line.endsWith("Read-only file system") || line.endsWith("denied"));
  }

  @Test
  void theAgentIsTheImagesUserAndReadsThatUsersFiles() throws IOException {
    var agent = new AgentIds(10_001, 10_002);
    fileOf(agent, 10_001, "etc/mine");
    fileOf(agent, 1000, "etc/other");
    var seen =
        shell(
            image(agent),
            "id -u; id -g; cat /etc/mine; cat /etc/other; ls -ln /etc/other; touch /workspace/a");
    assertThat(seen)
        .startsWith("10001\n10002\nreadable")
        .contains("can't open '/etc/other': Permission denied")
        .containsPattern("-rw-------.* 1000 .*/etc/other")
        .doesNotContain("/workspace");
  }

  /** A file that only one user of the image reads, with owner and group as the store unpacks it. */
  private void fileOf(AgentIds agent, int user, String name) throws IOException {
    Path file = Files.writeString(tree.resolve(name), "readable");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.setAttribute(file, "unix:uid", agent.hostUid(user));
    Files.setAttribute(file, "unix:gid", agent.hostGid(0));
  }

  @Test
  void theImagesEnvironmentCountsButTheAccountIsTheWorkbenchs() {
    var seen = shell(image(AgentIds.DEFAULT), "env");
    assertThat(seen.lines()).contains("GREETING=hello", "HOME=/home/agent", "USER=agent");
  }

  @Test
  void aLinkInTheImageDoesNotMoveWhatTheWorkbenchMounts() throws IOException {
    Files.delete(tree.resolve("etc/hosts"));
    Files.createSymbolicLink(tree.resolve("etc/hosts"), Path.of("../../../../etc/hostname"));
    assertThatThrownBy(() -> shell(image(AgentIds.DEFAULT), "id"))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("etc/hosts");
    Files.delete(tree.resolve("etc/hosts"));
    Files.writeString(tree.resolve("etc/hosts"), "");
    Files.delete(tree.resolve("home/agent"));
    Files.createSymbolicLink(tree.resolve("home/agent"), Path.of("/usr"));
    assertThatThrownBy(() -> shell(image(AgentIds.DEFAULT), "id"))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("home/agent");
  }

  @Test
  void aRootWithTooManyEntriesIsRefused() throws IOException {
    for (int i = 0; i < 101; i++) {
      Files.createDirectory(tree.resolve("d" + i));
    }
    assertThatThrownBy(() -> shell(image(AgentIds.DEFAULT), "id"))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("more than 100 entries");
  }
}
