package dev.holdfast.workspace.overlay;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** An open regular file. */
final class OpenFile extends Descriptor {
  private static final int BUFFER = 1 << 16;
  private static final int SEEK_SET = 0;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(BUFFER);

  OpenFile(int fd, String name) {
    super(fd, name);
  }

  /** Opens one of Holdfast's own files, links followed. */
  static OpenFile open(Path path, int flags) throws SystemError {
    try (var arena = Arena.ofConfined()) {
      int fd =
          (int)
              Kernel.call(
                  arena,
                  Kernel.Call.OPENAT,
                  path.toString(),
                  Kernel.AT_FDCWD,
                  Kernel.text(arena, path.toString()),
                  flags | Kernel.O_CLOEXEC,
                  0600,
                  0);
      return new OpenFile(fd, path.toString());
    }
  }

  /** Reads up to {@code length} bytes; -1 at the end. */
  int read(byte[] into, int offset, int length) throws SystemError {
    long n =
        Kernel.call(Kernel.Call.READ, name, fd, buffer.address(), Math.min((long) length, BUFFER));
    MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, offset, (int) n);
    return n == 0 ? -1 : (int) n;
  }

  void write(byte[] from, int offset, int length) throws SystemError {
    int done = 0;
    while (done < length) {
      int part = Math.min(length - done, BUFFER);
      MemorySegment.copy(from, offset + done, buffer, ValueLayout.JAVA_BYTE, 0, part);
      done += (int) Kernel.call(Kernel.Call.WRITE, name, fd, buffer.address(), part);
    }
  }

  void truncate(long size) throws SystemError {
    Kernel.call(Kernel.Call.FTRUNCATE, name, fd, size, 0);
  }

  /** Where the next data at or after {@code offset} starts; -1 when only a hole is left. */
  long seekData(long offset) throws SystemError {
    try {
      return Kernel.call(Kernel.Call.LSEEK, name, fd, offset, SEEK_DATA);
    } catch (SystemError e) {
      if (e.errno() == SystemError.ENXIO) {
        return -1;
      }
      throw e;
    }
  }

  /** Where the data that includes {@code offset} ends. */
  long seekHole(long offset) throws SystemError {
    return Kernel.call(Kernel.Call.LSEEK, name, fd, offset, SEEK_HOLE);
  }

  void seek(long offset) throws SystemError {
    Kernel.call(Kernel.Call.LSEEK, name, fd, offset, SEEK_SET);
  }

  InputStream stream() {
    return new InputStream() {
      private final byte[] one = new byte[1];

      @Override
      public int read() throws IOException {
        return OpenFile.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return length == 0 ? 0 : OpenFile.this.read(into, offset, length);
      }

      @Override
      public void close() {
        OpenFile.this.close();
      }
    };
  }

  @Override
  public void close() {
    super.close();
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
