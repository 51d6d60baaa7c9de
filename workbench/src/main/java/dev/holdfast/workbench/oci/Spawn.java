package dev.holdfast.workbench.oci;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.OptionalInt;

/**
 * Starts the launcher, and nothing else: a program that closes every descriptor it inherits, opens
 * its own standard streams and resets its signals before it does anything. Without that promise a
 * process needs a helper program in between, which costs more than the launcher itself.
 */
@SuppressWarnings("restricted")
final class Spawn {
  private static final int NO_HANG = 1;
  private static final int EINTR = 4;
  private static final int ERROR = -1;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final java.lang.foreign.StructLayout STATE = Linker.Option.captureStateLayout();
  // Safe: posix_spawn reads two null-terminated arrays of null-terminated strings, which live in
  // the arena of the call, and writes one int; null is allowed for actions and attributes.
  private static final MethodHandle POSIX_SPAWN =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("posix_spawn"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS));
  // Safe: waitpid writes one int.
  private static final MethodHandle WAITPID =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("waitpid"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT),
          ERRNO);

  private Spawn() {}

  /** Starts a program with nothing in its environment but {@code environment}; its pid. */
  static int start(List<String> argv, List<String> environment) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment none = MemorySegment.NULL;
      MemorySegment path = arena.allocateFrom(argv.getFirst());
      int error =
          (int)
              POSIX_SPAWN.invokeExact(
                  pid, path, none, none, strings(arena, argv), strings(arena, environment));
      if (error != 0) {
        throw new IOException("`%s` does not start (error %d)".formatted(argv.getFirst(), error));
      }
      return pid.get(ValueLayout.JAVA_INT, 0);
    } catch (IOException e) {
      throw e;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static MemorySegment strings(Arena arena, List<String> words) {
    MemorySegment array = arena.allocate(ValueLayout.ADDRESS, words.size() + 1L);
    for (int i = 0; i < words.size(); i++) {
      array.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(words.get(i)));
    }
    array.setAtIndex(ValueLayout.ADDRESS, words.size(), MemorySegment.NULL);
    return array;
  }

  /**
   * How a child ended: its status, or 128 and the signal; empty while it runs. A child is asked
   * about until it has ended and never again: its number may be another's then.
   */
  static OptionalInt ended(int pid) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment state = arena.allocate(STATE);
      int result = (int) WAITPID.invokeExact(state, pid, status, NO_HANG);
      if (result == ERROR) {
        int error = state.get(ValueLayout.JAVA_INT, 0);
        if (error == EINTR) {
          return OptionalInt.empty();
        }
        throw new IOException("process `%d` cannot be waited for (error %d)".formatted(pid, error));
      }
      return result == 0
          ? OptionalInt.empty()
          : OptionalInt.of(decoded(status.get(ValueLayout.JAVA_INT, 0)));
    } catch (IOException e) {
      throw e;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static int decoded(int status) {
    int signal = status & 0x7f;
    return signal == 0 ? status >> 8 & 0xff : 128 + signal;
  }
}
