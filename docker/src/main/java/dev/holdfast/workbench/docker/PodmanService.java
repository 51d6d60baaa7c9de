package dev.holdfast.workbench.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.files.HostFiles;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.oci.Recipe;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Podman's service on a socket of our own, for machines where none runs. It ends with this process,
 * whichever way that ends: its keeper reads from a pipe that nobody writes to. Containers and
 * images are in the state directory, and those of another boot are removed.
 */
final class PodmanService implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final long PAUSE_NANOS = 10_000_000;
  private static final long STOP_SECONDS = 15;

  private static final Path RUN = Path.of("/run/holdfast");

  /**
   * Where hosts with both kinds of control groups mount the second; crun, which Podman likes best,
   * does not know such hosts.
   */
  private static final Path V2_OF_HYBRID = Path.of("/sys/fs/cgroup/unified");

  private static final String KEEPER =
      """
      exec 3<&0
      { read -r nothing <&3; kill $$; } &
      watch=$!
      "$@" </dev/null 3<&- &
      service=$!
      trap 'kill $service' TERM
      wait $service
      wait $service
      kill $watch
      """;

  private final Process keeper;
  private final Path state;
  private final Path socket;

  private PodmanService(Process keeper, Path state, Path socket) {
    this.keeper = keeper;
    this.state = state;
    this.socket = socket;
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param runtime the OCI runtime that it shall use; empty: the first that works here
   * @throws WorkbenchException when it does not, with its reason
   */
  static PodmanService start(Path home, String runtime) {
    var self = Recipe.self();
    Path all = home.resolve("podman");
    try {
      Path state = Files.createDirectories(all.resolve("boots").resolve(self.bootId()));
      removeOthers(state);
      Path socket = all.resolve(self.pid() + ".socket");
      Files.deleteIfExists(socket);
      Path log = all.resolve(self.pid() + ".log");
      var command = new ArrayList<>(List.of("sh", "-c", KEEPER, "podman-service"));
      command.addAll(service(state, runtime, socket));
      var keeper =
          new ProcessBuilder(command)
              // Where the watchers of containers leave files of theirs.
              .directory(state.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      var service = new PodmanService(keeper, state, socket);
      service.await(log);
      Files.delete(log);
      return service;
    } catch (IOException e) {
      throw new WorkbenchException("podman's service cannot be started: " + e.getMessage(), e);
    }
  }

  private static List<String> service(Path state, String runtime, Path socket) {
    var command = new ArrayList<>(List.of("podman", "--root", state.resolve("root").toString()));
    command.addAll(List.of("--runroot", runRoot(state).toString()));
    command.addAll(List.of("--tmpdir", state.resolve("tmp").toString()));
    String chosen = runtime.isEmpty() && Files.isDirectory(V2_OF_HYBRID) ? "runc" : runtime;
    if (!chosen.isEmpty()) {
      command.addAll(List.of("--runtime", chosen));
    }
    // Without systemd and its journal, and with no mount of its own that would stay behind.
    command.addAll(List.of("--cgroup-manager", "cgroupfs", "--events-backend", "none"));
    command.addAll(List.of("--storage-driver", "overlay"));
    command.addAll(List.of("--storage-opt", "overlay.skip_mount_home=true"));
    command.addAll(List.of("system", "service", "--time", "0", "unix://" + socket));
    return command;
  }

  /** Podman takes no path of more than 50 characters here. */
  private static Path runRoot(Path state) {
    var name = UUID.nameUUIDFromBytes(state.toString().getBytes(UTF_8));
    return RUN.resolve(name.toString().replace("-", ""));
  }

  /** What an earlier boot has left: nothing of it runs any more. */
  private static void removeOthers(Path state) throws IOException {
    try (DirectoryStream<Path> boots = Files.newDirectoryStream(state.getParent())) {
      for (Path boot : boots) {
        if (!boot.equals(state)) {
          HostFiles.delete(boot);
        }
      }
    }
  }

  private void await(Path log) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!listens()) {
      if (!keeper.isAlive() || System.nanoTime() > deadline) {
        close();
        String said = Files.readString(log).strip();
        throw new WorkbenchException(
            "podman's service does not start: "
                + (said.isEmpty() ? "it gave no reason" : said.lines().toList().getLast()));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private boolean listens() {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException notYet) {
      return false;
    }
  }

  Path socket() {
    return socket;
  }

  @Override
  public void close() {
    try {
      keeper.getOutputStream().close();
      if (!keeper.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        keeper.descendants().forEach(ProcessHandle::destroyForcibly);
        keeper.destroyForcibly();
      }
      awaitWatchers();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new WorkbenchException("podman's service does not end: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Those of containers that have just ended still clear up after them, in {@link #state}. */
  private void awaitWatchers() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
    while (watchers() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private boolean watchers() {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .anyMatch(line -> line.contains(state.toString()));
  }
}
