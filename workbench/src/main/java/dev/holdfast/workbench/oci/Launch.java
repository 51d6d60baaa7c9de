package dev.holdfast.workbench.oci;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** A launcher under way: a child process that is waited for by looking, never by a thread. */
final class Launch {
  private static final List<String> ENVIRONMENT =
      List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  private static final long FIRST_PAUSE = 200_000;

  /** Looking costs microseconds; a start that takes 60 ms was noticed at 100 with longer pauses. */
  private static final long LONGEST_PAUSE = 3_000_000;

  private final int pid;
  private final ReentrantLock looking = new ReentrantLock();
  private OptionalInt status = OptionalInt.empty();

  private Launch(int pid) {
    this.pid = pid;
  }

  static Launch of(List<String> command) throws IOException {
    return new Launch(Spawn.start(command, ENVIRONMENT));
  }

  /** How it ended; empty while it runs. */
  OptionalInt status() throws IOException {
    looking.lock();
    try {
      if (status.isEmpty()) {
        status = Spawn.ended(pid);
      }
      return status;
    } finally {
      looking.unlock();
    }
  }

  /** How it ended; empty when it has not within the limit, or the thread was interrupted. */
  OptionalInt await(Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    for (long pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      OptionalInt ended = status();
      if (ended.isPresent() || System.nanoTime() > deadline || Thread.interrupted()) {
        return ended;
      }
      LockSupport.parkNanos(pause);
    }
  }

  /** Waits on a thread of its own, so that no dead child stays. */
  void collect(Duration limit) {
    Thread.startVirtualThread(
        () -> {
          try {
            var _ = await(limit);
          } catch (IOException alreadyCollected) {
            System.getLogger(Launch.class.getName())
                .log(System.Logger.Level.DEBUG, alreadyCollected.getMessage());
          }
        });
  }

  /** Ends it if it still runs. */
  void kill() throws IOException {
    looking.lock();
    try {
      // Until it has been waited for, its number is nobody else's.
      if (status().isEmpty()) {
        PidFd.kill(pid, _ -> true);
      }
    } finally {
      looking.unlock();
    }
  }
}
