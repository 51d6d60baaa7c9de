package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The real guest as PID 1 of a pid namespace of its own, under uid 1000, with a directory of the
 * host as its workspace.
 */
final class RealGuest implements AutoCloseable {
  static final Map<String, String> ENV =
      Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "HOME", "/tmp", "LANG", "C.UTF-8");

  final Path root;
  final Path workspace;
  final GuestWorkbench guest;
  private final Process process;

  private RealGuest(Path root, Path workspace, GuestWorkbench guest, Process process) {
    this.root = root;
    this.workspace = workspace;
    this.guest = guest;
    this.process = process;
  }

  static RealGuest start() {
    return start(GuestSettings.of(ENV), "");
  }

  static RealGuest startWithLoopback() {
    return start(GuestSettings.of(ENV), "ip link set lo up && ");
  }

  /** With a workspace that is an overlay over a base with one directory {@code base/d}. */
  static RealGuest startOnOverlay() {
    String mounts =
        "w=$5; mount -t tmpfs t /mnt && cd /mnt && mkdir -p l/base/d u k && echo hi > l/base/d/f &&"
            + " chown -R 1000:1000 l u && mount -t overlay o -o lowerdir=l,upperdir=u,workdir=k $w"
            + " && cd / && ";
    return start(GuestSettings.of(ENV), mounts);
  }

  static RealGuest start(GuestSettings settings, String prepare) {
    try {
      Path root = Files.createTempDirectory("guest-test");
      open(root);
      Path workspace = Files.createDirectory(root.resolve("workspace"));
      Files.setAttribute(workspace, "unix:uid", 1000);
      Files.setAttribute(workspace, "unix:gid", 1000);
      Path program = GuestBinary.extractTo(root.resolve("bin"));
      open(root.resolve("bin"));
      return connect(root, workspace, program, settings, prepare);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void open(Path directory) throws IOException {
    Files.setAttribute(directory, "unix:mode", 0755);
  }

  private static RealGuest connect(
      Path root, Path workspace, Path program, GuestSettings settings, String prepare)
      throws IOException {
    Path socket = root.resolve("channel");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Files.setAttribute(socket, "unix:mode", 0777);
      Process process = launch(program, socket, workspace, prepare);
      var guest = GuestWorkbench.over(server.accept(), WorkbenchId.random(), settings);
      return new RealGuest(root, workspace, guest, process);
    }
  }

  private static Process launch(Path program, Path socket, Path workspace, String prepare)
      throws IOException {
    String script =
        prepare + "exec setpriv --reuid=1000 --regid=1000 --clear-groups --no-new-privs \"$@\"";
    var command =
        List.of(
            "unshare",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount",
            "--mount-proc",
            "--net",
            "sh",
            "-c",
            script,
            "sh",
            program.toString(),
            "--connect",
            socket.toString(),
            "--workspace",
            workspace.toString());
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  boolean processEnds() throws InterruptedException {
    return process.waitFor(10, TimeUnit.SECONDS);
  }

  /** Kills the guest from outside, as the kernel or an operator might. */
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() {
    guest.close();
    try {
      if (!processEnds()) {
        process.destroyForcibly().waitFor();
      }
      try (var files = Files.walk(root)) {
        for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
