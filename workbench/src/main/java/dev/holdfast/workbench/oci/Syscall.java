package dev.holdfast.workbench.oci;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The door to the kernel, for calls that Java has no words for. */
@SuppressWarnings("restricted")
final class Syscall {
  /** Which table of numbers holds, for calls older than the common one. */
  static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

  private static final long SYS_CLOSE = ARM ? 57 : 3;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  // Safe: arguments are numbers; whoever passes an address keeps its segment alive meanwhile.
  private static final MethodHandle SYSCALL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
              FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG),
              Linker.Option.firstVariadicArg(1),
              Linker.Option.captureCallState("errno"));

  private Syscall() {}

  /** Closes a descriptor of this process. */
  static void close(long descriptor) {
    call(SYS_CLOSE, descriptor, 0, 0, 0, 0);
  }

  /** Makes a call; a negative result is the negated {@code errno}. */
  static long call(long number, long a, long b, long c, long d, long e) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long result = (long) SYSCALL.invokeExact(state, number, a, b, c, d, e);
      return result < 0 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }
}
