package dev.holdfast.workspace.overlay;

import dev.holdfast.workbench.AgentIds;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An open directory. Every name is a single raw component (one character is one byte) and is never
 * followed when it is a link, so nothing that a hostile writer swaps in leads out of the tree.
 */
final class Directory extends Descriptor {
  /** Without root an overlay keeps its notes among the user's attributes: see {@link Mounts}. */
  private static final String OPAQUE =
      AgentIds.ROOTLESS ? "user.overlay.opaque" : "trusted.overlay.opaque";

  private static final int ENTRIES = 1 << 15;

  private Directory(int fd, String name) {
    super(fd, name);
  }

  /** Opens one of Holdfast's own directories, links followed. */
  static Directory open(Path path) throws SystemError {
    try (var arena = Arena.ofConfined()) {
      long fd =
          openat(arena, Kernel.AT_FDCWD, Kernel.text(arena, path.toString()), path.toString(), 0);
      return new Directory((int) fd, path.toString());
    }
  }

  private static long openat(Arena arena, int at, long path, String subject, int flags)
      throws SystemError {
    int all = flags | Kernel.O_DIRECTORY | Kernel.O_CLOEXEC;
    return Kernel.call(arena, Kernel.Call.OPENAT, subject, at, path, all, 0, 0);
  }

  Directory directory(String child) throws SystemError {
    try (var arena = Arena.ofConfined()) {
      String subject = name + "/" + child;
      long path = Kernel.raw(arena, single(child));
      return new Directory((int) openat(arena, fd, path, subject, Kernel.O_NOFOLLOW), subject);
    }
  }

  /** Opens a regular file for reading; a fifo in its place neither blocks nor is read. */
  OpenFile file(String child) throws IOException {
    int flags = Kernel.O_NONBLOCK | Kernel.O_NOCTTY;
    OpenFile file = openFile(child, flags);
    if (!file.stat().isFile()) {
      file.close();
      throw new IOException("`%s` is not a regular file".formatted(Raw.display(child)));
    }
    return file;
  }

  OpenFile create(String child) throws SystemError {
    return openFile(child, Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_EXCL);
  }

  private OpenFile openFile(String child, int flags) throws SystemError {
    try (var arena = Arena.ofConfined()) {
      String subject = name + "/" + child;
      long path = Kernel.raw(arena, single(child));
      int all = flags | Kernel.O_NOFOLLOW | Kernel.O_CLOEXEC;
      return new OpenFile(
          (int) Kernel.call(arena, Kernel.Call.OPENAT, subject, fd, path, all, 0600, 0), subject);
    }
  }

  Stat stat(String child) throws SystemError {
    return statx(single(child), 0);
  }

  Optional<Stat> find(String child) throws SystemError {
    try {
      return Optional.of(stat(child));
    } catch (SystemError e) {
      if (e.errno() == SystemError.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The names in this directory, in the file system's order. */
  List<String> names() throws SystemError {
    var names = new ArrayList<String>();
    try (var arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(ENTRIES, 8);
      long n = entries(arena, buffer);
      while (n > 0) {
        for (long at = 0; at < n; at += buffer.get(ValueLayout.JAVA_SHORT, at + 16)) {
          String entry = buffer.getString(at + 19, StandardCharsets.ISO_8859_1);
          if (!entry.equals(".") && !entry.equals("..")) {
            names.add(entry);
          }
        }
        n = entries(arena, buffer);
      }
    }
    return names;
  }

  private long entries(Arena arena, MemorySegment buffer) throws SystemError {
    return Kernel.call(arena, Kernel.Call.GETDENTS64, name, fd, buffer.address(), ENTRIES, 0, 0);
  }

  String link(String child) throws SystemError {
    try (var arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(4096);
      long path = Kernel.raw(arena, single(child));
      long n =
          Kernel.call(
              arena,
              Kernel.Call.READLINKAT,
              name + "/" + child,
              fd,
              path,
              buffer.address(),
              4096,
              0);
      return new String(
          buffer.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    }
  }

  /** Whether the overlay hides the base's directory of the same name entirely. */
  boolean opaque() throws SystemError {
    try (var arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(8);
      long n =
          Kernel.call(
              arena,
              Kernel.Call.FGETXATTR,
              name,
              fd,
              Kernel.text(arena, OPAQUE),
              value.address(),
              8,
              0);
      return n >= 1 && value.get(ValueLayout.JAVA_BYTE, 0) == 'y';
    } catch (SystemError e) {
      if (e.errno() == SystemError.ENODATA) {
        return false;
      }
      throw e;
    }
  }

  void setOpaque() throws SystemError {
    try (var arena = Arena.ofConfined()) {
      long key = Kernel.text(arena, OPAQUE);
      long value = Kernel.text(arena, "y");
      Kernel.call(arena, Kernel.Call.FSETXATTR, name, fd, key, value, 1, 0);
    }
  }

  void makeDirectory(String child, int permissions) throws SystemError {
    at(Kernel.Call.MKDIRAT, child, permissions, 0);
  }

  /** Makes a fifo, a socket or, with mode {@code S_IFCHR}, a whiteout. */
  void makeNode(String child, int mode) throws SystemError {
    at(Kernel.Call.MKNODAT, child, mode, 0);
  }

  void makeLink(String child, String target) throws SystemError {
    try (var arena = Arena.ofConfined()) {
      long path = Kernel.raw(arena, single(child));
      long to = Kernel.raw(arena, target);
      Kernel.call(arena, Kernel.Call.SYMLINKAT, name + "/" + child, to, fd, path, 0, 0);
    }
  }

  void remove(String child) throws SystemError {
    at(Kernel.Call.UNLINKAT, child, 0, 0);
  }

  void removeDirectory(String child) throws SystemError {
    at(Kernel.Call.UNLINKAT, child, Kernel.AT_REMOVEDIR, 0);
  }

  void chown(String child, int owner) throws SystemError {
    try (var arena = Arena.ofConfined()) {
      long path = Kernel.raw(arena, single(child));
      Kernel.call(
          arena,
          Kernel.Call.FCHOWNAT,
          name + "/" + child,
          fd,
          path,
          owner,
          owner,
          Kernel.AT_SYMLINK_NOFOLLOW);
    }
  }

  /** Sets access and modification time, in nanoseconds since 1970. */
  void setTime(String child, long nanos) throws SystemError {
    try (var arena = Arena.ofConfined()) {
      MemorySegment times = arena.allocate(ValueLayout.JAVA_LONG, 4);
      for (int i = 0; i < 4; i += 2) {
        times.setAtIndex(ValueLayout.JAVA_LONG, i, Math.floorDiv(nanos, 1_000_000_000L));
        times.setAtIndex(ValueLayout.JAVA_LONG, i + 1, Math.floorMod(nanos, 1_000_000_000L));
      }
      long path = Kernel.raw(arena, single(child));
      Kernel.call(
          arena,
          Kernel.Call.UTIMENSAT,
          name + "/" + child,
          fd,
          path,
          times.address(),
          Kernel.AT_SYMLINK_NOFOLLOW,
          0);
    }
  }

  private void at(Kernel.Call call, String child, long a, long b) throws SystemError {
    try (var arena = Arena.ofConfined()) {
      long path = Kernel.raw(arena, single(child));
      Kernel.call(arena, call, name + "/" + child, fd, path, a, b, 0);
    }
  }

  private static String single(String child) {
    if (child.isEmpty() || child.equals(".") || child.equals("..") || child.indexOf('/') >= 0) {
      throw new IllegalArgumentException("`%s` is not a single file name".formatted(child));
    }
    return child;
  }
}
