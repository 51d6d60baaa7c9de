package dev.holdfast.workspace.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workspace.Workspace;
import dev.holdfast.workspace.WorkspaceId;
import dev.holdfast.workspace.WorkspaceSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A user's repository and a state directory of their own for one test. */
final class Fixture implements AutoCloseable {
  static final int OWNER = 1_879_049_192;
  static final long DISK = 64L << 20;
  final Path top;
  final Path repository;
  final Path state;
  final OverlayWorkspaces workspaces;

  /** One for a test. */
  static Fixture make() {
    try {
      return new Fixture();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Fixture() throws IOException {
    top = Files.createTempDirectory("holdfast-workspace");
    repository = Files.createDirectory(top.resolve("project"));
    state = top.resolve("state");
    sh(repository, "git init -q -b main . && git config user.name U && git config user.email u@x");
    write("README.md", "hello\n");
    write("src/app.txt", "one\ntwo\nthree\n");
    write(".gitignore", "target/\n*.log\n");
    commit("first");
    workspaces = new OverlayWorkspaces(state, OWNER);
  }

  void write(String path, String text) throws IOException {
    write(repository, path, text);
  }

  static void write(Path root, String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  void commit(String message) throws IOException {
    sh(repository, "git add -A && git commit -q -m '" + message + "'");
  }

  WorkspaceSpec spec() {
    return new WorkspaceSpec(
        WorkspaceId.random(), repository.toString(), "HEAD", "holdfast/r-test", false, DISK);
  }

  WorkspaceSpec dirtySpec() {
    return new WorkspaceSpec(
        WorkspaceId.random(), repository.toString(), "HEAD", "holdfast/r-test", true, DISK);
  }

  Workspace create() {
    return workspaces.create(spec());
  }

  /** Runs a shell command that must succeed; its output without the last line end. */
  static String sh(Path where, String command) throws IOException {
    var builder =
        new ProcessBuilder("sh", "-c", command).directory(where.toFile()).redirectErrorStream(true);
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    assertThat(process.exitValue()).as("%s: %s", command, out).isZero();
    return out.stripTrailing();
  }

  /**
   * Runs a command as the agent would: unprivileged, in a user namespace where it is uid 1000, with
   * the tree at {@code /workspace}.
   */
  static String agent(Path tree, String command) throws IOException {
    Path script = Files.createTempFile("agent", ".sh");
    try {
      Files.writeString(script, command);
      Files.setPosixFilePermissions(
          script, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
      var line = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c"));
      line.add(
          "mount --bind '%s' /mnt && cd /mnt && exec setpriv --reuid=%d --regid=%d --clear-groups env -i PATH=/usr/bin:/bin HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 sh '%s'"
              .formatted(tree, OWNER, OWNER, script));
      var process = new ProcessBuilder(line).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("%s: %s", command, out).isZero();
      return out.stripTrailing();
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      Files.deleteIfExists(script);
    }
  }

  /** Holdfast's own copy of the repository. */
  Path mirror() throws IOException {
    try (var repos = Files.list(state.resolve("repos"))) {
      return repos.findFirst().orElseThrow();
    }
  }

  List<Path> mounts() throws IOException {
    return Mounts.Table.read().points().stream().filter(point -> point.startsWith(top)).toList();
  }

  @Override
  public void close() throws IOException {
    for (WorkspaceId id : workspaces.list()) {
      workspaces.delete(id);
    }
    assertThat(mounts()).isEmpty();
    Trees.delete(top);
  }
}
