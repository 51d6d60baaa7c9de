package dev.holdfast.workbench.docker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.lease.Owner;
import dev.holdfast.testkit.Victim;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.oci.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class PodmanEngineTest {
  private static final Caps CAPS = Caps.DEFAULT.withMemoryBytes(256L << 20).withPids(64);
  private static final Map<String, String> ENV = Map.of("PATH", "/usr/bin:/bin");

  @TempDir private Path home;

  @Test
  void afterKillNineTheNextStartLeavesNoContainerNoMountAndNoService() throws Exception {
    for (int round = 0; round < 2; round++) {
      Victim.start(Workbenches.class, home).killWithin(1500, "ready");

      try (var engine = DockerEngine.openPodman(home, ENV)) {
        assertThat(engine.reapDead()).isEmpty();
        assertThat(mounts()).isEmpty();
        assertThat(home.resolve("podman").resolve("memory")).isEmptyDirectory();
      }
      assertThat(services()).isEmpty();
    }
  }

  private Stream<String> mounts() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .filter(line -> line.contains(home.toString()));
  }

  private Stream<String> services() {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains("service") && line.contains(home + "/podman"));
  }

  @Test
  void aUserNamespaceOfItsOwnMapsTheAgent() throws Exception {
    try (var engine = DockerEngine.openPodman(home, ENV)) {
      UsualId.assertHeldBy(engine, home.resolve("workspace"), CAPS);
    }
  }

  @Test
  void oneHeldReadyGetsItsWorkspaceWhenItIsClaimed() throws Exception {
    try (var engine = DockerEngine.openPodman(home, ENV)) {
      HeldReady.assertClaimed(engine, home.resolve("late"), CAPS);
    }
  }

  @Test
  void memoryFileSystemsOfTheDeadAreUnmountedAndThoseOfTheLivingAreNot() throws Exception {
    var memory = new MemoryMounts(home.resolve("memory"));
    Owner self = Recipe.self();
    var dead = new Owner(self.pid(), self.startTicks() + 1, self.bootId(), self.pidNamespace());
    var options = Map.of("/tmp", "nosuid,nodev,size=64k,nr_inodes=8");
    var ours = WorkbenchId.random();
    Path theirs = requireNonNull(memory.make(WorkbenchId.random(), dead, options).get("/tmp"));
    Path kept = requireNonNull(memory.make(ours, self, options).get("/tmp"));

    memory.reap();

    assertThat(theirs).doesNotExist();
    assertThat(mounts()).singleElement().asString().contains(kept.toString());
    memory.remove(ours.value());
    assertThat(home.resolve("memory")).isEmptyDirectory();
  }

  @Test
  void aSocketIsTakenFromWhereItIsSaidFirst() {
    assertThat(PodmanSocket.find(Map.of("CONTAINER_HOST", "unix:///some/socket")))
        .contains(Path.of("/some/socket"));
    assertThatThrownBy(() -> PodmanSocket.find(Map.of("CONTAINER_HOST", "ssh://elsewhere")))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("`CONTAINER_HOST` is `ssh://elsewhere`");
  }

  @Test
  void aSocketOfTheUserIsFound() throws Exception {
    Path socket =
        Files.createFile(Files.createDirectories(home.resolve("podman")).resolve("podman.sock"));
    assertThat(PodmanSocket.find(Map.of("XDG_RUNTIME_DIR", home.toString())))
        .get()
        .isIn(socket, Path.of("/run/podman/podman.sock"));
  }

  @Test
  void withoutSocketAndProgramItSaysWhatToInstall() {
    assertThatThrownBy(() -> PodmanSocket.requireProgram(Map.of("PATH", home.toString())))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("apt-get install podman");
  }
}
