package dev.holdfast.workbench.oci;

import dev.holdfast.files.HostFiles;
import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends a workbench from its id alone, however far its making got and whoever made it.
 *
 * <p>The launcher, and the runtime that it becomes, hold the lock file of the workbench for as long
 * as they live; so once the lock is ours nobody adds to what there is. A launcher that is late
 * finds its lock file removed and does nothing.
 */
final class Teardown {
  private static final Duration RUNTIME_PATIENCE = Duration.ofSeconds(3);
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final Layout layout;
  private final Cgroups cgroups;

  Teardown(Layout layout, Cgroups cgroups) {
    this.layout = layout;
    this.cgroups = cgroups;
  }

  /**
   * Kills every process of the workbench and removes its control groups and directories.
   *
   * @throws IOException when something does not go within the limit; calling again is fine
   */
  void end(WorkbenchId id) throws IOException {
    try (FileChannel file =
            FileChannel.open(
                layout.run(id).resolve("lock"), StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock _ = lock(file, id)) {
      endLocked(id);
    } catch (NoSuchFileException neverStarted) {
      // Without a lock file no launcher can run.
      endLocked(id);
    }
  }

  private void endLocked(WorkbenchId id) throws IOException {
    cgroups.end(id);
    HostFiles.delete(layout.shortcut(id));
    HostFiles.delete(layout.run(id));
  }

  private FileLock lock(FileChannel file, WorkbenchId id) throws IOException {
    long start = System.nanoTime();
    for (long wait = 50_000; ; wait = Math.min(wait * 2, 5_000_000)) {
      FileLock lock = tryLock(file);
      if (lock != null) {
        return lock;
      }
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      if (waited.compareTo(LIMIT) > 0) {
        throw new IOException("workbench `%s` is still held by its runtime".formatted(id));
      }
      if (waited.compareTo(RUNTIME_PATIENCE) > 0) {
        killRuntime(id);
        cgroups.kill(id);
      }
      LockSupport.parkNanos(wait);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException anotherThreadEndsIt) {
      return null;
    }
  }

  /** Kills a launcher or runtime that hangs: it names the workbench as its last argument. */
  private static void killRuntime(WorkbenchId id) {
    ProcessHandle.allProcesses()
        .mapToLong(ProcessHandle::pid)
        .filter(pid -> works(pid, id))
        .forEach(pid -> PidFd.kill(pid, p -> works(p, id)));
  }

  private static boolean works(long pid, WorkbenchId id) {
    try {
      String line = java.nio.file.Files.readString(Path.of("/proc/" + pid + "/cmdline"));
      return line.endsWith("\0" + id + "\0") && line.contains("\0" + LaunchPlan.BUNDLE);
    } catch (IOException gone) {
      return false;
    }
  }
}
