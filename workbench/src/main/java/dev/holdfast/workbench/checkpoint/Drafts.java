package dev.holdfast.workbench.checkpoint;

import dev.holdfast.workbench.WorkbenchCheckpoint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Checkpoints that are being taken, in directories beside those that are done. A lock file is there
 * and locked for longer than its draft is: whoever finds a draft without a locked one removes it,
 * as the process that made it is dead.
 */
final class Drafts {
  private static final String PREFIX = "draft-";
  private static final String LOCK = ".lock";
  private static final int ID_BYTES = 6;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path place;

  Drafts(Path place) {
    this.place = place;
  }

  /** One of them; gone when it is closed, unless it was kept. */
  record Draft(Path directory, Path lockFile, FileChannel lock) implements AutoCloseable {
    /** Gives it its name: from here on it stays. */
    Path keep() throws IOException {
      String name = directory.getFileName().toString().substring(PREFIX.length());
      return Files.move(directory, directory.resolveSibling(name), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
      try (lock) {
        if (Files.exists(directory)) {
          Tree.remove(directory);
        }
        Files.deleteIfExists(lockFile);
      }
    }
  }

  Draft begin() throws IOException {
    var bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    var id = new WorkbenchCheckpoint.Id("c-" + HexFormat.of().formatHex(bytes));
    Path directory = place.resolve(PREFIX + id);
    Path lockFile = place.resolve(PREFIX + id + LOCK);
    return alone(
        () -> {
          FileChannel lock =
              FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          lock.lock();
          makePrivate(directory);
          return new Draft(directory, lockFile, lock);
        });
  }

  /** Removes one that was kept: nobody sees it half removed, and a sweep does what is cut short. */
  void discard(Path kept) throws IOException {
    try {
      Path gone = place.resolve(PREFIX + kept.getFileName());
      Tree.remove(Files.move(kept, gone, StandardCopyOption.ATOMIC_MOVE));
    } catch (NoSuchFileException never) {
      // It is gone, or has never been.
    }
  }

  /** Removes those of dead processes. */
  void sweep() throws IOException {
    alone(
        () -> {
          try (DirectoryStream<Path> drafts = Files.newDirectoryStream(place, PREFIX + "*")) {
            for (Path draft : drafts) {
              removeIfDead(draft.getFileName().toString().replace(LOCK, ""));
            }
          }
          return place;
        });
  }

  private void removeIfDead(String name) throws IOException {
    Path lockFile = place.resolve(name + LOCK);
    try (FileChannel file = FileChannel.open(lockFile, StandardOpenOption.WRITE);
        var free = file.tryLock()) {
      if (free != null) {
        Tree.remove(place.resolve(name));
        Files.deleteIfExists(lockFile);
      }
    } catch (OverlappingFileLockException ours) {
      // A thread of this process is at it.
    } catch (NoSuchFileException over) {
      Tree.remove(place.resolve(name));
    }
  }

  private interface Step<T> {
    T run() throws IOException;
  }

  /** One at a time, of all processes: so nobody sees a lock file that is not yet locked. */
  private <T> T alone(Step<T> step) throws IOException {
    synchronized (Drafts.class) {
      try (FileChannel all =
              FileChannel.open(
                  place.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var _ = all.lock()) {
        return step.run();
      }
    }
  }

  static void makePrivate(Path directory) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}
