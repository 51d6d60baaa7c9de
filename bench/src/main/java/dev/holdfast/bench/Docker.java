package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** What is measured of a Docker daemon that has nothing but one small image. */
final class Docker implements AutoCloseable {
  private static final String IMAGE = "holdfast-bench";

  private final Shell shell;
  private final DockerDaemon daemon;

  private Docker(Shell shell, DockerDaemon daemon) {
    this.shell = shell;
    this.daemon = daemon;
  }

  /**
   * Starts one and waits until it has its image.
   *
   * @throws BenchException when there is no Docker here, with what to do
   */
  static Docker start(Shell shell, Path directory, Ends ends)
      throws IOException, InterruptedException {
    if (Programs.find("busybox").isEmpty()) {
      throw new BenchException("`busybox` is not installed: " + DockerDaemon.INSTALL);
    }
    var docker = new Docker(shell, DockerDaemon.start(directory));
    ends.add("docker", docker::close);
    docker.importImage(directory);
    return docker;
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
          "docker runs no container here (busybox must be static): " + DockerDaemon.INSTALL);
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
    var argv = new ArrayList<>(daemon.client());
    argv.addAll(List.of(words));
    shell.run(argv);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    daemon.close();
  }
}
