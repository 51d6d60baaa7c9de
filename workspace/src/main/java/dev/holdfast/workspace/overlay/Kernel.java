package dev.holdfast.workspace.overlay;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * Linux system calls through {@code syscall(2)}. One entry serves them all: arguments are integers
 * or addresses, which the calling conventions of both supported processors pass alike.
 */
@SuppressWarnings("restricted")
final class Kernel {
  /** The calls used, with their numbers on x86-64 and on aarch64. */
  enum Call {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    LSEEK(8, 62),
    IOCTL(16, 29),
    FTRUNCATE(77, 46),
    FCHMOD(91, 52),
    FCHOWN(93, 55),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    FSETXATTR(190, 7),
    FGETXATTR(193, 10),
    GETDENTS64(217, 61),
    OPENAT(257, 56),
    MKDIRAT(258, 34),
    MKNODAT(259, 33),
    FCHOWNAT(260, 54),
    UNLINKAT(263, 35),
    SYMLINKAT(266, 36),
    READLINKAT(267, 78),
    UTIMENSAT(280, 88),
    SYNCFS(306, 267),
    STATX(332, 291);

    private final int x86;
    private final int arm;

    Call(int x86, int arm) {
      this.x86 = x86;
      this.arm = arm;
    }

    private long number() {
      return ARM ? arm : x86;
    }
  }

  private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
  static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
  static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;
  static final int O_CLOEXEC = 0x80000;
  static final int O_NONBLOCK = 0x800;
  static final int O_NOCTTY = 0x100;
  static final int O_WRONLY = 1;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_EMPTY_PATH = 0x1000;
  static final int AT_REMOVEDIR = 0x200;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SYSCALL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().find("syscall").orElseThrow(),
          FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG),
          Linker.Option.firstVariadicArg(1),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(
          LINKER.defaultLookup().find("strerror").orElseThrow(),
          FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

  private Kernel() {}

  /**
   * Makes a call. Addresses among the arguments must come from segments of {@code arena}, which
   * outlives the call: that is what makes passing them as numbers safe.
   */
  static long call(Arena arena, Call call, String subject, long a, long b, long c, long d, long e)
      throws SystemError {
    MemorySegment state = arena.allocate(STATE);
    long result;
    try {
      result = (long) SYSCALL.invokeExact(state, call.number(), a, b, c, d, e);
    } catch (Throwable impossible) {
      throw new IllegalStateException("system call " + call, impossible);
    }
    if (result < 0) {
      throw new SystemError(
          call.name().toLowerCase(java.util.Locale.ROOT), subject, (int) ERRNO.get(state, 0L));
    }
    return result;
  }

  /** As {@link #call} for calls that take no memory. */
  static long call(Call call, String subject, long a, long b, long c) throws SystemError {
    try (var arena = Arena.ofConfined()) {
      return call(arena, call, subject, a, b, c, 0, 0);
    }
  }

  static String describe(int errno) {
    try {
      var text = (MemorySegment) STRERROR.invokeExact(errno);
      return text.reinterpret(256).getString(0);
    } catch (Throwable impossible) {
      return "error " + errno;
    }
  }

  /** A zero-terminated copy of a raw name: one character of {@code raw} is one byte. */
  static long raw(Arena arena, String raw) {
    return bytes(arena, raw.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A zero-terminated copy of ordinary text. */
  static long text(Arena arena, String text) {
    return bytes(arena, text.getBytes(StandardCharsets.UTF_8));
  }

  private static long bytes(Arena arena, byte[] bytes) {
    MemorySegment segment = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment.address();
  }
}
