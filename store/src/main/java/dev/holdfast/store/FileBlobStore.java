package dev.holdfast.store;

import dev.holdfast.digest.Sha256;
import dev.holdfast.run.BlobId;
import dev.holdfast.run.BlobStore;
import dev.holdfast.run.EventLogException;
import dev.holdfast.run.Ids;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Payloads as files named by their content, {@code ab/cdef…}. A file appears under its name only
 * when all of it is on disk, so a crash leaves at most a temporary file.
 */
public final class FileBlobStore implements BlobStore {
  private static final int REMEMBERED = 65_536;

  private final Path dir;
  private final Set<BlobId> stored = ConcurrentHashMap.newKeySet();

  /** A store in {@code dir}, which is made, readable by its owner alone, when missing. */
  public FileBlobStore(Path dir) {
    this.dir = dir;
    try {
      makeDirectory(dir);
    } catch (IOException e) {
      throw new EventLogException("blob store `%s` cannot be made".formatted(dir), e);
    }
  }

  @Override
  public BlobId put(byte[] bytes) {
    var id = name(bytes);
    if (stored.contains(id)) {
      return id;
    }
    // An interrupt would close the channels below half-way; the caller gets it back afterwards.
    boolean interrupted = Thread.interrupted();
    try {
      if (!isIntact(id)) {
        write(file(id), bytes);
      }
      remember(id);
      return id;
    } catch (IOException e) {
      throw new EventLogException(
          "blob `%s` cannot be stored: %s".formatted(id, Database.cause(e)), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public byte[] get(BlobId id) {
    try {
      var bytes = Files.readAllBytes(file(id));
      check(id, bytes);
      return bytes;
    } catch (NoSuchFileException e) {
      throw (NoSuchElementException)
          new NoSuchElementException("blob `%s` is not stored".formatted(id)).initCause(e);
    } catch (IOException e) {
      throw new EventLogException(
          "blob `%s` cannot be read: %s".formatted(id, Database.cause(e)), e);
    }
  }

  /** The name of a payload. */
  static BlobId name(byte[] bytes) {
    return new BlobId(Sha256.hex(bytes));
  }

  /**
   * Checks that bytes are the ones named.
   *
   * @throws EventLogException when they are not
   */
  static void check(BlobId id, byte[] bytes) {
    if (!name(bytes).equals(id)) {
      throw new EventLogException(
          "blob `%s` is damaged: its bytes have another hash".formatted(id));
    }
  }

  private void remember(BlobId id) {
    if (stored.size() >= REMEMBERED) {
      stored.clear();
    }
    stored.add(id);
  }

  private Path file(BlobId id) {
    return dir.resolve(id.value().substring(0, 2)).resolve(id.value().substring(2));
  }

  /** A damaged file is replaced by the good bytes at hand. */
  private boolean isIntact(BlobId id) throws IOException {
    var file = file(id);
    return Files.exists(file) && name(Files.readAllBytes(file)).equals(id);
  }

  private void write(Path file, byte[] bytes) throws IOException {
    var parent = file.resolveSibling(".").normalize();
    if (makeDirectory(parent)) {
      sync(dir);
    }
    var temporary = parent.resolve(".tmp-" + Ids.random(16));
    try {
      try (var out = new FileOutputStream(temporary.toFile())) {
        out.write(bytes);
        out.getFD().sync();
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    sync(parent);
  }

  private static boolean makeDirectory(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return false;
    }
    Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return true;
  }

  /** Makes a rename or a new entry in the directory durable. */
  private static void sync(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
