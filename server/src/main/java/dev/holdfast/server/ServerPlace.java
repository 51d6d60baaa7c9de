package dev.holdfast.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the server of a state directory has its socket, its lock and its log: a directory that is
 * its user's alone, so that nobody else reaches the socket whatever its own mode is for a moment.
 *
 * @param directory absolute
 */
public record ServerPlace(Path directory) {
  /** The longest path of a socket that Linux takes: {@code sun_path} less its NUL. */
  private static final int LONGEST_SOCKET_PATH = 107;

  private static final String ONLY_MINE = "rwx------";
  private static final Duration GLANCE = Duration.ofMillis(20);

  /** That of a state directory; neither need exist. */
  public static ServerPlace in(Path home) {
    return new ServerPlace(home.toAbsolutePath().normalize().resolve("server"));
  }

  /**
   * Makes the directory, or makes sure that it is ours alone.
   *
   * @throws ServerException when it cannot be, or the socket's path would be too long
   */
  public ServerPlace prepare() {
    if (socket().toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH) {
      throw new ServerException(
          "socket path `%s` is not allowed: it has at most %d bytes; choose a shorter state directory"
              .formatted(socket(), LONGEST_SOCKET_PATH));
    }
    try {
      Files.createDirectories(directory.getParent());
      makeOwn();
      return this;
    } catch (IOException e) {
      throw new ServerException(
          "directory `%s` cannot be used: %s".formatted(directory, e.getMessage()), e);
    }
  }

  private void makeOwn() throws IOException {
    var mine = PosixFilePermissions.fromString(ONLY_MINE);
    try {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(mine));
    } catch (FileAlreadyExistsException there) {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
          || uidOf(directory) != uidOf(Path.of("/proc/self"))) {
        throw new IOException("it must be a directory of the user who runs holdfast", there);
      }
      Files.setPosixFilePermissions(directory, mine);
    }
  }

  /** The user whom a path belongs to; that of {@code /proc/self} is this process's. */
  static int uidOf(Path path) throws IOException {
    return path.startsWith("/proc/self")
        ? (int) Files.getAttribute(path, "unix:uid")
        : (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  public Path socket() {
    return directory.resolve("api.sock");
  }

  /** What a server that nobody watches has said. */
  public Path log() {
    return directory.resolve("log");
  }

  /** Held by the server for as long as it lives. */
  Path lock() {
    return directory.resolve("lock");
  }

  /** Held while one is being started, by whoever starts it. */
  public Path starting() {
    return directory.resolve("starting");
  }

  /**
   * Takes the lock of the one server, and notes who has it.
   *
   * @return empty when another process has it
   */
  Optional<FileChannel> tryHold() throws IOException {
    var file = FileChannel.open(lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(file).isEmpty()) {
      file.close();
      return Optional.empty();
    }
    return Optional.of(file);
  }

  private static Optional<FileLock> tryLock(FileChannel file) throws IOException {
    return Optional.ofNullable(file.tryLock());
  }

  /** Waits until no server holds the lock; false when one does after {@code patience}. */
  public boolean awaitEnd(Duration patience) throws IOException, InterruptedException {
    if (!Files.exists(lock())) {
      return true;
    }
    long deadline = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() - deadline < 0) {
      var held = tryHold();
      if (held.isPresent()) {
        held.get().close();
        return true;
      }
      Thread.sleep(GLANCE);
    }
    return false;
  }
}
