package dev.holdfast.workspace.overlay;

import java.io.Closeable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An open file descriptor. */
abstract class Descriptor implements Closeable {
  final int fd;
  final String name;
  private boolean closed;

  Descriptor(int fd, String name) {
    this.fd = fd;
    this.name = name;
  }

  Stat stat() throws SystemError {
    return statx("", Kernel.AT_EMPTY_PATH);
  }

  /** Stats {@code child} below this descriptor, never through a link. */
  Stat statx(String child, int flags) throws SystemError {
    try (var arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Stat.SIZE, 8);
      long path = Kernel.raw(arena, child);
      Kernel.call(
          arena,
          Kernel.Call.STATX,
          name + "/" + child,
          fd,
          path,
          flags | Kernel.AT_SYMLINK_NOFOLLOW,
          Stat.BASIC,
          buffer.address());
      return Stat.read(buffer);
    }
  }

  void chown(int owner) throws SystemError {
    Kernel.call(Kernel.Call.FCHOWN, name, fd, owner, owner);
  }

  void chmod(int permissions) throws SystemError {
    Kernel.call(Kernel.Call.FCHMOD, name, fd, permissions, 0);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        Kernel.call(Kernel.Call.CLOSE, name, fd, 0, 0);
      } catch (SystemError alreadyReported) {
        // Linux frees the descriptor in any case; writers call flush-sensitive steps before.
      }
    }
  }
}
