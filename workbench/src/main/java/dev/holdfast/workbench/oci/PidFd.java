package dev.holdfast.workbench.oci;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.LongPredicate;

/**
 * Kills a process without the risk of hitting a later one that got its number: the process is
 * pinned by a pidfd, then checked, then signalled through the pidfd.
 */
@SuppressWarnings("restricted")
final class PidFd {
  // The same numbers on every architecture: both calls are younger than the common table.
  private static final long SYS_PIDFD_SEND_SIGNAL = 424;
  private static final long SYS_PIDFD_OPEN = 434;
  private static final long SIGKILL = 9;

  private static final Linker LINKER = Linker.nativeLinker();
  // Safe: four integer arguments are all that these two system calls look at, and the null pointer
  // for pidfd_send_signal's info is allowed.
  private static final MethodHandle SYSCALL =
      LINKER.downcallHandle(
          symbol("syscall"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle CLOSE =
      LINKER.downcallHandle(
          symbol("close"), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private PidFd() {}

  private static MemorySegment symbol(String name) {
    return LINKER.defaultLookup().findOrThrow(name);
  }

  /** Sends SIGKILL to {@code pid} if {@code isTheOne} still holds once the process is pinned. */
  static void kill(long pid, LongPredicate isTheOne) {
    long fd = call(SYS_PIDFD_OPEN, pid, 0, 0, 0);
    if (fd < 0) {
      return;
    }
    try {
      if (isTheOne.test(pid)) {
        call(SYS_PIDFD_SEND_SIGNAL, fd, SIGKILL, 0, 0);
      }
    } finally {
      close((int) fd);
    }
  }

  private static long call(long number, long a, long b, long c, long d) {
    try {
      return (long) SYSCALL.invokeExact(number, a, b, c, d);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static void close(int fd) {
    try {
      int _ = (int) CLOSE.invokeExact(fd);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }
}
