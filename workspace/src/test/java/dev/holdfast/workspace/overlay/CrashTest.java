package dev.holdfast.workspace.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workspace.CheckpointId;
import dev.holdfast.workspace.WorkspaceId;
import dev.holdfast.workspace.WorkspaceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a process that was killed, and what comes after it. */
class CrashTest {
  @AutoClose private final Fixture fixture = Fixture.make();

  /** The other process: makes workspaces, saves and returns, until it is killed. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws IOException {
      var workspaces = new OverlayWorkspaces(Path.of(args[0]), Fixture.OWNER);
      for (int i = 0; i < 1000; i++) {
        var spec =
            new WorkspaceSpec(
                WorkspaceId.random(), args[1], "HEAD", "holdfast/r-test", false, Fixture.DISK);
        var workspace = workspaces.create(spec);
        System.out.println(workspace.id());
        Files.writeString(workspace.tree().resolve("kept"), "kept " + workspace.id());
        workspace.checkpoint("kept");
        for (int j = 0; j < 3; j++) {
          Files.writeString(workspace.tree().resolve("kept"), "scratch " + j);
          workspace.checkpoint("scratch");
          workspace.rollback(new CheckpointId(1));
        }
        if (i % 3 == 2) {
          workspaces.delete(workspace.id());
        }
      }
    }
  }

  private Process victim() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Victim.class.getName(),
            fixture.state.toString(),
            fixture.repository.toString())
        .redirectErrorStream(true)
        .start();
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 90, 170, 310, 450, 700, 1100, 1600})
  void afterAKillAtAnyMomentNothingIsMountedAndEveryFinishedWorkspaceOpens(int millis)
      throws Exception {
    Process victim = victim();
    try (var out = victim.inputReader()) {
      assertThat(out.readLine()).startsWith("s-");
      Thread.sleep(millis);
      victim.destroyForcibly();
      assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    var next = new OverlayWorkspaces(fixture.state, Fixture.OWNER);

    next.recover();

    assertThat(fixture.mounts()).isEmpty();
    awaitNoLoopDevices();
    try (var bases = Files.list(fixture.state.resolve("bases"))) {
      assertThat(bases.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.startsWith("new-"));
    }
    for (WorkspaceId id : next.list()) {
      try (var workspace = next.open(id)) {
        for (var state : workspace.checkpoints()) {
          if (state.label().equals("kept")) {
            workspace.rollback(state.id());
            assertThat(workspace.tree().resolve("kept")).hasContent("kept " + id);
          }
        }
        assertThat(workspace.tree().resolve("README.md")).hasContent("hello\n");
      }
    }
    try (var directories = Files.list(fixture.state.resolve("workspaces"))) {
      assertThat(directories.count()).isEqualTo(next.list().size());
    }
  }

  /** Another process's new mount namespace may hold a copy of a mount for a moment. */
  private void awaitNoLoopDevices() throws Exception {
    String command = "losetup -l -n -O BACK-FILE | grep -F '" + fixture.top + "' || true";
    for (int i = 0; i < 200 && !Fixture.sh(fixture.top, command).isEmpty(); i++) {
      Thread.sleep(50);
    }
    assertThat(Fixture.sh(fixture.top, command)).isEmpty();
  }

  @Test
  void aLiveProcessKeepsItsWorkspacesWhenAnotherRecovers() throws IOException {
    var workspace = fixture.create();

    var other = new OverlayWorkspaces(fixture.state, Fixture.OWNER);
    other.recover();

    assertThat(workspace.tree().resolve("README.md")).exists();
    assertThat(other.open(workspace.id()).change().isEmpty()).isTrue();
  }
}
