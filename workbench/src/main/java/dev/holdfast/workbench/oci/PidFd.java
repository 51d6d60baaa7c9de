package dev.holdfast.workbench.oci;

import java.util.function.LongPredicate;

/**
 * Kills a process without the risk of hitting a later one that got its number: the process is
 * pinned by a pidfd, then checked, then signalled through the pidfd.
 */
final class PidFd {
  // The same numbers on every architecture: both calls are younger than the common table.
  private static final long SYS_PIDFD_SEND_SIGNAL = 424;
  private static final long SYS_PIDFD_OPEN = 434;
  private static final long SIGKILL = 9;

  private PidFd() {}

  /** Sends SIGKILL to {@code pid} if {@code isTheOne} still holds once the process is pinned. */
  static void kill(long pid, LongPredicate isTheOne) {
    long fd = Syscall.call(SYS_PIDFD_OPEN, pid, 0, 0, 0, 0);
    if (fd < 0) {
      return;
    }
    try {
      if (isTheOne.test(pid)) {
        Syscall.call(SYS_PIDFD_SEND_SIGNAL, fd, SIGKILL, 0, 0, 0);
      }
    } finally {
      Syscall.close(fd);
    }
  }
}
