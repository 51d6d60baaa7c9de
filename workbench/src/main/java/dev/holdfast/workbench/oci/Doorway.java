package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;

/**
 * The socket that a guest connects to, once. When the one connection is there the socket stops
 * listening and its name is removed: nobody inside can come through again.
 */
final class Doorway implements AutoCloseable {
  /** The longest path that the kernel takes for a Unix socket. */
  private static final int LONGEST = 107;

  private static final long LOOK_EVERY_MILLIS = 20;
  private static final long REACH_EVERY_NANOS = 1_000_000;

  private final Path name;
  private final ServerSocketChannel listener;
  private final Selector selector;

  private Doorway(Path name, ServerSocketChannel listener, Selector selector) {
    this.name = name;
    this.listener = listener;
    this.selector = selector;
  }

  /** The runtime exited with an error instead of starting the guest. */
  static final class RuntimeFailed extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;

    RuntimeFailed(int status) {
      super("status " + status);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  static Doorway open(Layout layout, WorkbenchId id, String file) throws IOException {
    Path name = layout.run(id).resolve(file);
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      bind(listener, name, layout, id);
      // Connecting takes the right to write; the directory above keeps everybody else out.
      Files.setPosixFilePermissions(name, PosixFilePermissions.fromString("rw-rw-rw-"));
      listener.configureBlocking(false);
      Selector selector = listener.provider().openSelector();
      listener.register(selector, SelectionKey.OP_ACCEPT);
      return new Doorway(name, listener, selector);
    } catch (IOException e) {
      listener.close();
      throw e;
    }
  }

  /** What is done with a socket's address. */
  @FunctionalInterface
  interface Use {
    void at(UnixDomainSocketAddress address) throws IOException;
  }

  private static void bind(ServerSocketChannel listener, Path name, Layout layout, WorkbenchId id)
      throws IOException {
    use(name, layout, id, address -> listener.bind(address, 1));
  }

  /** Too long a name is used through a short link to its directory, which is gone at once. */
  static void use(Path name, Layout layout, WorkbenchId id, Use use) throws IOException {
    if (name.toString().length() <= LONGEST) {
      use.at(UnixDomainSocketAddress.of(name));
      return;
    }
    Path link = Files.createSymbolicLink(layout.shortcut(id), name.getParent());
    try {
      use.at(UnixDomainSocketAddress.of(link.resolve(name.getFileName())));
    } finally {
      Files.delete(link);
    }
  }

  /**
   * The way round: connects to a socket below the workbench's directory, once somebody listens.
   *
   * @throws RuntimeFailed when the runtime gives up first
   * @throws WorkbenchException when what was started ends first, or takes too long
   */
  static SocketChannel reach(
      Layout layout, WorkbenchId id, Path name, Launch launch, Cgroups groups, Duration limit)
      throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        use(name, layout, id, socket::connect);
        return socket;
      } catch (SocketException notYet) {
        socket.close();
      }
      OptionalInt status = launch.status();
      if (status.orElse(0) != 0) {
        throw new RuntimeFailed(status.getAsInt());
      }
      if (status.isPresent() && groups.processes(id).isEmpty()) {
        throw new WorkbenchException(
            "the program of `%s` has ended before it listened".formatted(id));
      }
      if (System.nanoTime() > deadline || Thread.interrupted()) {
        launch.kill();
        launch.collect(limit);
        throw new WorkbenchException(
            "nobody listened at `%s` of `%s` within %s".formatted(name.getFileName(), id, limit));
      }
      LockSupport.parkNanos(REACH_EVERY_NANOS);
    }
  }

  Path path() {
    return name;
  }

  /**
   * Waits for the guest.
   *
   * @throws RuntimeFailed when the runtime gives up first
   */
  SocketChannel admitGuest(Launch launch, Duration limit, WorkbenchId id) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      SocketChannel guest = listener.accept();
      if (guest != null) {
        return guest;
      }
      OptionalInt status = launch.status();
      if (status.orElse(0) != 0) {
        throw new RuntimeFailed(status.getAsInt());
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0 || Thread.interrupted()) {
        launch.kill();
        launch.collect(limit);
        throw new WorkbenchException(
            "the guest of `%s` did not connect within %s".formatted(id, limit));
      }
      // The launcher tells nobody when it ends, so it is looked at now and then.
      selector.select(_ -> {}, Math.min(left, LOOK_EVERY_MILLIS));
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
    listener.close();
    Files.deleteIfExists(name);
  }
}
