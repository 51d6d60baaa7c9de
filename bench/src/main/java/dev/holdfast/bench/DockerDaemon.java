package dev.holdfast.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Docker daemon of our own, with no network and nothing in it. It lives in a process and a mount
 * namespace that end with it, whichever way it ends.
 */
public final class DockerDaemon implements AutoCloseable {
  static final String INSTALL = "apt-get install docker.io busybox-static";

  private static final long START_SECONDS = 60;
  private static final long STOP_SECONDS = 15;

  // The shims of containers keep their sockets below /run, wherever everything else is; so does the
  // daemon here, as the path of a socket must be short.
  private static final String PREPARE = "mount -t tmpfs none /run && ";
  private static final String START = "exec dockerd \"$@\"";

  private final Path directory;
  private final Process process;
  private final String client;
  private final String group;

  private DockerDaemon(Path directory, Process process, String client, String group) {
    this.directory = directory;
    this.process = process;
    this.client = client;
    this.group = group;
  }

  /**
   * Starts one and waits until it answers.
   *
   * @param options more options of {@code dockerd}
   * @throws BenchException when there is no Docker here, with what to do
   */
  public static DockerDaemon start(Path directory, String... options)
      throws IOException, InterruptedException {
    return prepared(directory, "", options);
  }

  /**
   * The same, where the user ids of containers are ids of the host from {@code first} on. Only the
   * daemon sees the files that say so.
   */
  public static DockerDaemon startMappingUsers(Path directory, int first)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path ids = Files.writeString(directory.resolve("ids"), "nobody:%d:65536\n".formatted(first));
    Path groups =
        Files.writeString(directory.resolve("groups"), "nobody:%d:65536\n".formatted(first));
    var prepare =
        "mount --bind '%s' /etc/subuid && mount --bind '%s' /etc/subgid && ".formatted(ids, groups);
    return prepared(directory, prepare, "--userns-remap=nobody:nogroup");
  }

  private static DockerDaemon prepared(Path directory, String prepare, String... options)
      throws IOException, InterruptedException {
    for (var program : List.of("dockerd", "docker")) {
      if (Programs.find(program).isEmpty()) {
        throw new BenchException("`%s` is not installed: %s".formatted(program, INSTALL));
      }
    }
    Files.createDirectories(directory);
    var group = "holdfast-daemon-%d-%d".formatted(ProcessHandle.current().pid(), System.nanoTime());
    var client = Programs.find("docker").orElseThrow().toString();
    var process = launch(directory, group, prepare, options);
    var daemon = new DockerDaemon(directory, process, client, group);
    try {
      daemon.awaitReady();
    } catch (IOException | InterruptedException | BenchException e) {
      daemon.close();
      throw e;
    }
    return daemon;
  }

  private static Process launch(Path directory, String group, String prepare, String... options)
      throws IOException {
    var command = new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork"));
    command.addAll(List.of("--kill-child", "--mount-proc"));
    command.addAll(List.of("sh", "-c", PREPARE + prepare + START, "dockerd"));
    command.addAll(List.of("--host", "unix://" + directory.resolve("socket")));
    command.addAll(List.of("--data-root", directory.resolve("data").toString()));
    command.addAll(List.of("--exec-root", "/run/docker"));
    command.addAll(List.of("--pidfile", directory.resolve("pid").toString()));
    command.addAll(List.of("--cgroup-parent", "/" + group, "--bridge", "none"));
    command.addAll(List.of("--iptables=false", "--ip6tables=false", "--ip-forward=false"));
    command.addAll(List.of(options));
    return new ProcessBuilder(command)
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .redirectOutput(directory.resolve("log").toFile())
        .redirectErrorStream(true)
        .start();
  }

  private void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      if (Files.exists(socket())) {
        try {
          Programs.run(client, "--host", address(), "version");
          return;
        } catch (BenchException notYet) {
          // Its socket is there before it answers.
        }
      }
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new BenchException("dockerd does not start here: " + lastLine());
      }
      Thread.sleep(100);
    }
  }

  private String lastLine() throws IOException {
    var lines = Files.readAllLines(directory.resolve("log"));
    return lines.isEmpty() ? "it gave no reason" : lines.getLast();
  }

  /** Its Unix socket. */
  public Path socket() {
    return directory.resolve("socket");
  }

  String address() {
    return "unix://" + socket();
  }

  /** The client program, told where the daemon is. */
  List<String> client() {
    return List.of(client, "--host", address());
  }

  @Override
  public void close() throws IOException, InterruptedException {
    // The first is unshare, which waits; the daemon itself stops its containers when told to.
    process.children().forEach(ProcessHandle::destroy);
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    }
    try (var hierarchies = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"))) {
      for (var hierarchy : hierarchies) {
        Groups.remove(hierarchy.resolve(group));
      }
    }
    Groups.remove(Path.of("/sys/fs/cgroup", group));
  }
}
