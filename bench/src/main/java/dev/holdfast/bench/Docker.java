package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Docker daemon of our own, with no network and nothing but one small image. It lives in a
 * process and a mount namespace that end with it, whichever way it ends.
 */
final class Docker implements AutoCloseable {
  private static final long START_SECONDS = 30;
  private static final long STOP_SECONDS = 15;
  private static final String IMAGE = "holdfast-bench";
  private static final String INSTALL = "apt-get install docker.io busybox-static";

  private final Shell shell;
  private final Process daemon;
  private final String client;
  private final String address;
  private final String group;

  private Docker(Shell shell, Process daemon, String client, String address, String group) {
    this.shell = shell;
    this.daemon = daemon;
    this.client = client;
    this.address = address;
    this.group = group;
  }

  /**
   * Starts one and waits until it has its image.
   *
   * @throws BenchException when there is no Docker here, with what to do
   */
  static Docker start(Shell shell, Path directory, Ends ends)
      throws IOException, InterruptedException {
    for (var program : List.of("dockerd", "docker", "busybox")) {
      if (Programs.find(program).isEmpty()) {
        throw new BenchException("`%s` is not installed: %s".formatted(program, INSTALL));
      }
    }
    Files.createDirectories(directory);
    var address = "unix://" + directory.resolve("socket");
    var group = "holdfast-bench-" + ProcessHandle.current().pid();
    var client = Programs.find("docker").orElseThrow().toString();
    var docker = new Docker(shell, daemon(directory, address, group), client, address, group);
    ends.add("docker", docker::close);
    docker.awaitReady(directory.resolve("socket"));
    docker.importImage(directory);
    return docker;
  }

  private static Process daemon(Path directory, String address, String group) throws IOException {
    // The shims of containers keep their sockets below /run, wherever everything else is.
    var script = "mount -t tmpfs none /run && exec dockerd \"$@\"";
    return new ProcessBuilder(
            List.of(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "sh",
                "-c",
                script,
                "dockerd",
                "--host",
                address,
                "--data-root",
                directory.resolve("data").toString(),
                "--exec-root",
                directory.resolve("exec").toString(),
                "--pidfile",
                directory.resolve("pid").toString(),
                "--cgroup-parent",
                "/" + group,
                "--bridge",
                "none",
                "--iptables=false",
                "--ip6tables=false",
                "--ip-forward=false"))
        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
        .redirectOutput(directory.resolve("log").toFile())
        .redirectErrorStream(true)
        .start();
  }

  private void awaitReady(Path socket) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      if (Files.exists(socket)) {
        try {
          call("version");
          return;
        } catch (BenchException notYet) {
          // Its socket is there before it answers.
        }
      }
      if (!daemon.isAlive() || System.nanoTime() > deadline) {
        throw new BenchException(
            "dockerd does not start here: " + lastLine(socket.resolveSibling("log")));
      }
      Thread.sleep(100);
    }
  }

  private static String lastLine(Path log) throws IOException {
    var lines = Files.readAllLines(log);
    return lines.isEmpty() ? "it gave no reason" : lines.getLast();
  }

  /** One program is enough to run {@code true} and to wait. */
  private void importImage(Path directory) throws IOException, InterruptedException {
    var bin = Files.createDirectories(directory.resolve("image").resolve("bin"));
    var busybox = bin.resolve("busybox");
    Files.copy(Programs.find("busybox").orElseThrow(), busybox);
    Files.setPosixFilePermissions(busybox, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (var name : List.of("true", "sleep")) {
      Files.createSymbolicLink(bin.resolve(name), Path.of("busybox"));
    }
    var archive = directory.resolve("image.tar").toString();
    Programs.run("tar", "-C", directory.resolve("image").toString(), "-cf", archive, ".");
    call("import", archive, IMAGE);
    try {
      run();
    } catch (BenchException e) {
      throw new BenchException(
          "docker runs no container here (busybox must be static): " + INSTALL);
    }
  }

  /** A container from nothing to the end of {@code true}, and back to nothing. */
  void run() throws IOException, InterruptedException {
    call("run", "--rm", "--network", "none", IMAGE, "/bin/true");
  }

  /** A container that stays for the daemon's life. */
  void startSleeper(String name) throws IOException, InterruptedException {
    call("run", "--detach", "--network", "none", "--name", name, IMAGE, "/bin/sleep", "3600");
  }

  void execTrue(String name) throws IOException, InterruptedException {
    call("exec", name, "/bin/true");
  }

  private void call(String... words) throws IOException, InterruptedException {
    var argv = new java.util.ArrayList<>(List.of(client, "--host", address));
    argv.addAll(List.of(words));
    shell.run(argv);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    // The first is unshare, which waits; the daemon itself stops its containers when told to.
    daemon.children().forEach(ProcessHandle::destroy);
    if (!daemon.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      daemon.destroyForcibly().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    }
    try (var hierarchies = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"))) {
      for (var hierarchy : hierarchies) {
        Groups.remove(hierarchy.resolve(group));
      }
    }
    Groups.remove(Path.of("/sys/fs/cgroup", group));
  }
}
