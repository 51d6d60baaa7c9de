package dev.holdfast.workspace.overlay;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Locks by name, between threads and between processes; a dead process holds none. */
final class Locks {
  private final Path directory;
  private final Map<Path, ReentrantLock> threads = new ConcurrentHashMap<>();

  Locks(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /** A held lock. */
  interface Held extends Closeable {}

  /** Waits for the lock. Reentrant within a thread. */
  Held hold(String name) throws IOException {
    Path file = directory.resolve(name + ".lock");
    ReentrantLock thread = threads.computeIfAbsent(file, _ -> new ReentrantLock());
    thread.lock();
    if (thread.getHoldCount() > 1) {
      return thread::unlock;
    }
    try {
      var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel.lock();
      return () -> {
        try (channel) {
          thread.unlock();
        }
      };
    } catch (IOException | RuntimeException e) {
      thread.unlock();
      throw e;
    }
  }
}
