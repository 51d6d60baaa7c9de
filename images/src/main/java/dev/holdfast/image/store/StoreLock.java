package dev.holdfast.image.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Locks that hold in this process and in others. The kernel's locks belong to a whole process, and
 * go when any of its descriptors of the file is closed; so inside the process a Java lock, taken
 * first, sees to it that there is one descriptor.
 */
final class StoreLock implements AutoCloseable {
  private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

  private final ReentrantLock inside;
  private final FileChannel file;

  private StoreLock(ReentrantLock inside, FileChannel file) {
    this.inside = inside;
    this.file = file;
  }

  /** Takes the lock that the file stands for; waits while somebody else has it. */
  static StoreLock take(Path path) throws IOException {
    ReentrantLock inside =
        LOCKS.computeIfAbsent(path.toAbsolutePath().normalize(), _ -> new ReentrantLock());
    inside.lock();
    try {
      FileChannel file =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        var _ = file.lock();
        return new StoreLock(inside, file);
      } catch (IOException | RuntimeException e) {
        file.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      inside.unlock();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      file.close();
    } finally {
      inside.unlock();
    }
  }
}
