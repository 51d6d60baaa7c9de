package dev.holdfast.image.unpack;

import dev.holdfast.workbench.AgentIds;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernel's calls on open directories. Java has none that resolve a path inside a root.
 *
 * <p>Safe: every string is a NUL-terminated copy in an arena that outlives the call, every buffer
 * is as long as is said, and descriptors are the callers' own. Confined to one thread.
 */
@SuppressWarnings("restricted")
final class Kernel implements AutoCloseable {
  /** Where an overlay notes that a directory hides the one below it. */
  private static final String OPAQUE =
      AgentIds.ROOTLESS ? "user.overlay.opaque" : "trusted.overlay.opaque";

  static final int ENOENT = 2;
  static final int EEXIST = 17;
  static final int EXDEV = 18;
  static final int ENOTDIR = 20;
  static final int EISDIR = 21;
  static final int ELOOP = 40;

  static final int O_WRONLY = 1;
  static final int O_CREAT = 0100;
  static final int O_EXCL = 0200;
  static final int O_PATH = 010000000;
  static final int O_CLOEXEC = 02000000;
  // These two differ between architectures.
  static final int O_DIRECTORY = isArm() ? 040000 : 0200000;
  static final int O_NOFOLLOW = isArm() ? 0100000 : 0400000;

  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_REMOVEDIR = 0x200;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_FDCWD = -100;
  private static final long SYS_OPENAT2 = 437;
  private static final long SYS_GETDENTS64 = isArm() ? 61 : 217;
  private static final long NO_XDEV = 0x01;
  private static final long NO_MAGICLINKS = 0x02;
  private static final long BENEATH = 0x08;
  private static final long IN_ROOT = 0x10;
  private static final int BUFFER = 128 << 10;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final java.lang.foreign.AddressLayout POINTER = ValueLayout.ADDRESS;

  private static final MethodHandle OPENAT2 =
      call("syscall", 1, LONG, LONG, INT, POINTER, POINTER, LONG);
  private static final MethodHandle OPENAT = call("openat", 3, INT, INT, POINTER, INT, INT);
  private static final MethodHandle OPEN = call("open", 2, INT, POINTER, INT, INT);
  private static final MethodHandle MKDIRAT = call("mkdirat", -1, INT, INT, POINTER, INT);
  private static final MethodHandle SYMLINKAT = call("symlinkat", -1, INT, POINTER, INT, POINTER);
  private static final MethodHandle LINKAT =
      call("linkat", -1, INT, INT, POINTER, INT, POINTER, INT);
  private static final MethodHandle UNLINKAT = call("unlinkat", -1, INT, INT, POINTER, INT);
  private static final MethodHandle FCHOWNAT =
      call("fchownat", -1, INT, INT, POINTER, INT, INT, INT);
  private static final MethodHandle FCHOWN = call("fchown", -1, INT, INT, INT, INT);
  private static final MethodHandle FCHMOD = call("fchmod", -1, INT, INT, INT);
  private static final MethodHandle FUTIMENS = call("futimens", -1, INT, INT, POINTER);
  private static final MethodHandle WRITE = call("write", -1, LONG, INT, POINTER, LONG);
  private static final MethodHandle READ = call("read", -1, LONG, INT, POINTER, LONG);
  private static final MethodHandle STATX = call("statx", -1, INT, INT, POINTER, INT, INT, POINTER);
  private static final MethodHandle GETDENTS = call("syscall", 1, LONG, LONG, INT, POINTER, LONG);
  private static final MethodHandle READLINKAT =
      call("readlinkat", -1, LONG, INT, POINTER, POINTER, LONG);
  private static final MethodHandle GETXATTR =
      call("getxattr", -1, LONG, POINTER, POINTER, POINTER, LONG);
  private static final MethodHandle CLOSE = call("close", -1, INT, INT);

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment state = arena.allocate(STATE);
  private final MemorySegment one = arena.allocate(8192);
  private final MemorySegment other = arena.allocate(8192);
  private final MemorySegment buffer = arena.allocate(BUFFER);

  /** A call that failed, with the kernel's number for why. */
  static final class Failed extends IOException {
    private static final long serialVersionUID = 1L;
    private final int errno;

    Failed(String what, int errno) {
      super("%s failed with error %d".formatted(what, errno));
      this.errno = errno;
    }

    int errno() {
      return errno;
    }
  }

  private static boolean isArm() {
    return System.getProperty("os.arch", "").equals("aarch64");
  }

  private static MethodHandle call(
      String name, int variadicFrom, MemoryLayout result, MemoryLayout... arguments) {
    var state = Linker.Option.captureCallState("errno");
    Linker.Option[] options =
        variadicFrom < 0
            ? new Linker.Option[] {state}
            : new Linker.Option[] {state, Linker.Option.firstVariadicArg(variadicFrom)};
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        options);
  }

  private interface Native {
    long call() throws Throwable;
  }

  private long check(String what, Native call) throws Failed {
    long result;
    try {
      result = call.call();
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
    if (result < 0) {
      throw new Failed(what, (int) ERRNO.get(state, 0L));
    }
    return result;
  }

  private static MemorySegment text(MemorySegment place, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment.copy(bytes, 0, place, ValueLayout.JAVA_BYTE, 0, bytes.length);
    place.set(ValueLayout.JAVA_BYTE, bytes.length, (byte) 0);
    return place;
  }

  /** Opens a directory of the host by its path. */
  int openRoot(String path) throws Failed {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    MemorySegment name = text(one, new String(bytes, StandardCharsets.ISO_8859_1));
    int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    return (int) check("open", () -> (int) OPEN.invokeExact(state, name, flags, 0));
  }

  /**
   * Opens a path as a process whose root directory is {@code root} would: links and {@code ..} lead
   * nowhere else, nor does a mount, nor the links of {@code /proc}.
   */
  int openInRoot(int root, String path, int flags) throws Failed {
    return openAt2(root, path, flags, IN_ROOT | NO_MAGICLINKS | NO_XDEV);
  }

  /** The same, but what leads out of the directory fails, with {@link #EXDEV}. */
  int openBeneath(int root, String path, int flags) throws Failed {
    return openAt2(root, path, flags, BENEATH | NO_MAGICLINKS);
  }

  private int openAt2(int root, String path, int flags, long resolve) throws Failed {
    MemorySegment name = text(one, path);
    other.set(LONG, 0, flags | O_CLOEXEC);
    other.set(LONG, 8, 0L);
    other.set(LONG, 16, resolve);
    return (int)
        check(
            "openat2",
            () -> (long) OPENAT2.invokeExact(state, SYS_OPENAT2, root, name, other, 24L));
  }

  /** Opens a name in a directory, never through a link. */
  int open(int directory, String name, int flags, int mode) throws Failed {
    MemorySegment text = text(one, name);
    int all = flags | O_NOFOLLOW | O_CLOEXEC;
    return (int) check("openat", () -> (int) OPENAT.invokeExact(state, directory, text, all, mode));
  }

  void makeDirectory(int directory, String name) throws Failed {
    MemorySegment text = text(one, name);
    check("mkdirat", () -> (int) MKDIRAT.invokeExact(state, directory, text, 0700));
  }

  void makeLink(String target, int directory, String name) throws Failed {
    MemorySegment to = text(one, target);
    MemorySegment text = text(other, name);
    check("symlinkat", () -> (int) SYMLINKAT.invokeExact(state, to, directory, text));
  }

  void makeHardLink(int from, String fromName, int to, String toName) throws Failed {
    MemorySegment source = text(one, fromName);
    MemorySegment target = text(other, toName);
    check("linkat", () -> (int) LINKAT.invokeExact(state, from, source, to, target, 0));
  }

  void unlink(int directory, String name) throws Failed {
    MemorySegment text = text(one, name);
    check("unlinkat", () -> (int) UNLINKAT.invokeExact(state, directory, text, 0));
  }

  void removeDirectory(int directory, String name) throws Failed {
    MemorySegment text = text(one, name);
    check("unlinkat", () -> (int) UNLINKAT.invokeExact(state, directory, text, AT_REMOVEDIR));
  }

  /** Of a name itself, not of what it links to. */
  void own(int directory, String name, int uid, int gid) throws Failed {
    MemorySegment text = text(one, name);
    int flags = AT_SYMLINK_NOFOLLOW;
    check("fchownat", () -> (int) FCHOWNAT.invokeExact(state, directory, text, uid, gid, flags));
  }

  void own(int file, int uid, int gid) throws Failed {
    check("fchown", () -> (int) FCHOWN.invokeExact(state, file, uid, gid));
  }

  void mode(int file, int mode) throws Failed {
    check("fchmod", () -> (int) FCHMOD.invokeExact(state, file, mode));
  }

  /** Both times of a file, in seconds since 1970. */
  void times(int file, long seconds) throws Failed {
    other.set(LONG, 0, seconds);
    other.set(LONG, 8, 0L);
    other.set(LONG, 16, seconds);
    other.set(LONG, 24, 0L);
    check("futimens", () -> (int) FUTIMENS.invokeExact(state, file, other));
  }

  /** The inode number of a name itself. */
  long inode(int directory, String name) throws Failed {
    MemorySegment text = text(one, name);
    int flags = AT_SYMLINK_NOFOLLOW;
    check("statx", () -> (int) STATX.invokeExact(state, directory, text, flags, 0x100, other));
    return other.get(LONG, 32);
  }

  /** What an open file is, links themselves too. */
  FileState state(int file) throws Failed {
    MemorySegment text = text(one, "");
    int flags = AT_EMPTY_PATH;
    check("statx", () -> (int) STATX.invokeExact(state, file, text, flags, 0x7ff, other));
    return FileState.of(other);
  }

  /** The names in a directory that is open for reading, in the file system's order. */
  List<String> names(int directory) throws Failed {
    var names = new ArrayList<String>();
    for (long n = entries(directory); n > 0; n = entries(directory)) {
      for (long at = 0; at < n; at += Short.toUnsignedInt(buffer.get(SHORT, at + 16))) {
        String name = buffer.getString(at + 19, StandardCharsets.ISO_8859_1);
        if (!name.equals(".") && !name.equals("..")) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private long entries(int directory) throws Failed {
    long size = BUFFER;
    return check(
        "getdents64",
        () -> (long) GETDENTS.invokeExact(state, SYS_GETDENTS64, directory, buffer, size));
  }

  /** What an open symbolic link leads to. */
  String readLink(int link) throws Failed {
    return readLink(link, "");
  }

  /** The path by which the kernel knows an open file. */
  String pathOf(int file) throws Failed {
    return readLink(AT_FDCWD, "/proc/self/fd/" + file);
  }

  private String readLink(int directory, String path) throws Failed {
    MemorySegment text = text(one, path);
    long most = other.byteSize();
    long length =
        check(
            "readlinkat", () -> (long) READLINKAT.invokeExact(state, directory, text, other, most));
    return new String(
        other.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
  }

  /** Whether an overlay's upper directory hides the one below it altogether. */
  boolean isOpaque(int directory) {
    MemorySegment path = text(one, "/proc/self/fd/" + directory);
    MemorySegment name = text(other, OPAQUE);
    try {
      long most = BUFFER;
      long length = (long) GETXATTR.invokeExact(state, path, name, buffer, most);
      return length >= 1 && buffer.get(ValueLayout.JAVA_BYTE, 0) == 'y';
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Writes all of it. */
  void write(int file, byte[] bytes, int length) throws Failed {
    for (int done = 0; done < length; ) {
      int part = Math.min(BUFFER, length - done);
      MemorySegment.copy(bytes, done, buffer, ValueLayout.JAVA_BYTE, 0, part);
      for (int written = 0; written < part; ) {
        MemorySegment rest = buffer.asSlice(written);
        long count = (long) part - written;
        written += (int) check("write", () -> (long) WRITE.invokeExact(state, file, rest, count));
      }
      done += part;
    }
  }

  /** Reads from a file's beginning on, at most {@code most} bytes. */
  byte[] read(int file, int most) throws Failed {
    var all = new java.io.ByteArrayOutputStream();
    while (all.size() < most) {
      long count = Math.min(BUFFER, (long) most - all.size());
      int read = (int) check("read", () -> (long) READ.invokeExact(state, file, buffer, count));
      if (read == 0) {
        break;
      }
      all.writeBytes(buffer.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE));
    }
    return all.toByteArray();
  }

  void close(int file) {
    try {
      int _ = (int) CLOSE.invokeExact(state, file);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
