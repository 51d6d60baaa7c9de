package dev.holdfast.workbench.wasm;

import com.dylibso.chicory.runtime.Memory;
import dev.holdfast.workbench.wasm.Descriptor.OpenDirectory;
import dev.holdfast.workbench.wasm.Descriptor.OpenFile;
import dev.holdfast.workbench.wasm.SystemCall.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The calls on open descriptors. */
final class DescriptorCalls {
  static final List<SystemCall> ALL =
      List.of(
          new SystemCall("fd_advise", "illi", (p, _, w) -> p.descriptors().file(w.i(0))),
          new SystemCall("fd_allocate", "ill", DescriptorCalls::allocate),
          new SystemCall("fd_close", "i", (p, _, w) -> p.descriptors().close(w.i(0))),
          new SystemCall("fd_datasync", "i", (p, _, w) -> p.descriptors().get(w.i(0))),
          new SystemCall("fd_sync", "i", (p, _, w) -> p.descriptors().get(w.i(0))),
          new SystemCall("fd_fdstat_get", "ii", DescriptorCalls::state),
          new SystemCall("fd_fdstat_set_flags", "ii", DescriptorCalls::flags),
          new SystemCall("fd_fdstat_set_rights", "ill", (p, _, w) -> p.descriptors().get(w.i(0))),
          new SystemCall("fd_filestat_get", "ii", DescriptorCalls::fileState),
          new SystemCall("fd_filestat_set_size", "il", DescriptorCalls::resize),
          new SystemCall("fd_filestat_set_times", "illi", (p, _, w) -> p.descriptors().get(w.i(0))),
          new SystemCall("fd_pread", "iiili", DescriptorCalls::readAt),
          new SystemCall("fd_prestat_get", "ii", DescriptorCalls::preopened),
          new SystemCall("fd_prestat_dir_name", "iii", DescriptorCalls::preopenedName),
          new SystemCall("fd_pwrite", "iiili", DescriptorCalls::writeAt),
          new SystemCall("fd_read", "iiii", DescriptorCalls::read),
          new SystemCall("fd_readdir", "iiili", Listing::read),
          new SystemCall("fd_renumber", "ii", (p, _, w) -> p.descriptors().move(w.i(0), w.i(1))),
          new SystemCall("fd_seek", "ilii", DescriptorCalls::seek),
          new SystemCall(
              "fd_tell",
              "ii",
              (p, m, w) -> m.writeLong(w.i(1), p.descriptors().file(w.i(0)).position)),
          new SystemCall("fd_write", "iiii", DescriptorCalls::write));

  /** How much is moved between a program's memory and a file or stream at once. */
  private static final int CHUNK = 64 << 10;

  private static final int MOST_PARTS = 1024;
  private static final int APPEND = 1;
  private static final long EVERY_RIGHT = (1L << 29) - 1;

  private DescriptorCalls() {}

  private static void allocate(Program program, Memory memory, Words words) {
    var file = writable(program, words.i(0));
    long end = words.l(1) + words.l(2);
    if (words.l(1) < 0 || words.l(2) < 0 || end < 0) {
      throw new WasiError(Errno.INVAL);
    }
    if (end > file.tree.size(file.file)) {
      program.descriptors().requireRoom(end);
      file.tree.resize(file.file, end);
    }
  }

  private static void state(Program program, Memory memory, Words words) {
    var descriptor = program.descriptors().get(words.i(0));
    int at = words.i(1);
    memory.write(at, new byte[24]);
    memory.writeByte(at, (byte) Stat.kind(descriptor));
    if (descriptor instanceof OpenFile file && file.append) {
      memory.writeShort(at + 2, (short) APPEND);
    }
    memory.writeLong(at + 8, EVERY_RIGHT);
    memory.writeLong(at + 16, EVERY_RIGHT);
  }

  private static void flags(Program program, Memory memory, Words words) {
    if (program.descriptors().get(words.i(0)) instanceof OpenFile file) {
      file.append = (words.i(1) & APPEND) != 0;
    }
  }

  private static void fileState(Program program, Memory memory, Words words) {
    Stat.write(memory, words.i(1), program.descriptors().get(words.i(0)));
  }

  private static void resize(Program program, Memory memory, Words words) {
    var file = writable(program, words.i(0));
    program.descriptors().requireRoom(words.l(1));
    file.tree.resize(file.file, words.l(1));
  }

  private static void preopened(Program program, Memory memory, Words words) {
    int at = words.i(1);
    memory.writeI32(at, 0);
    memory.writeI32(at + 4, name(program, words.i(0)).length);
  }

  private static void preopenedName(Program program, Memory memory, Words words) {
    var name = name(program, words.i(0));
    if (words.i(2) < name.length) {
      throw new WasiError(Errno.NAMETOOLONG);
    }
    memory.write(words.i(1), name);
  }

  private static byte[] name(Program program, int number) {
    if (program.descriptors().get(number) instanceof OpenDirectory directory
        && !directory.preopened().isEmpty()) {
      return directory.preopened().getBytes(StandardCharsets.UTF_8);
    }
    throw new WasiError(Errno.BADF);
  }

  private static void seek(Program program, Memory memory, Words words) {
    var file = program.descriptors().file(words.i(0));
    long from =
        switch (words.i(2)) {
          case 0 -> 0;
          case 1 -> file.position;
          case 2 -> file.tree.size(file.file);
          default -> throw new WasiError(Errno.INVAL);
        };
    long to = from + words.l(1);
    if (to < 0) {
      throw new WasiError(Errno.INVAL);
    }
    file.position = to;
    memory.writeLong(words.i(3), to);
  }

  private static void read(Program program, Memory memory, Words words) {
    int read =
        switch (program.descriptors().get(words.i(0))) {
          case Descriptor.In(var stream) -> fromStream(stream, memory, words);
          case OpenFile file -> {
            int got = fromFile(file, file.position, memory, words);
            file.position += got;
            yield got;
          }
          case OpenDirectory _ -> throw new WasiError(Errno.ISDIR);
          case Descriptor.Out _ -> throw new WasiError(Errno.BADF);
        };
    memory.writeI32(words.i(3), read);
  }

  private static void readAt(Program program, Memory memory, Words words) {
    var file = program.descriptors().file(words.i(0));
    if (words.l(3) < 0) {
      throw new WasiError(Errno.INVAL);
    }
    memory.writeI32(words.i(4), fromFile(file, words.l(3), memory, words));
  }

  /** Fills the first part that has room: as with any stream, less may come than was asked for. */
  private static int fromStream(java.io.InputStream stream, Memory memory, Words words) {
    for (int i = 0; i < parts(words); i++) {
      int length = length(memory, words, i);
      if (length > 0) {
        var chunk = new byte[Math.min(CHUNK, length)];
        try {
          int got = Math.max(0, stream.read(chunk));
          memory.write(address(memory, words, i), chunk, 0, got);
          return got;
        } catch (IOException e) {
          ProcessCalls.requireGoing();
          return 0;
        }
      }
    }
    return 0;
  }

  private static int fromFile(OpenFile file, long from, Memory memory, Words words) {
    if (!file.readable) {
      throw new WasiError(Errno.NOTCAPABLE);
    }
    int total = 0;
    for (int i = 0; i < parts(words); i++) {
      int at = address(memory, words, i);
      int length = length(memory, words, i);
      for (int done = 0; done < length; ) {
        ProcessCalls.requireGoing();
        var chunk = file.tree.read(file.file, from + total, Math.min(CHUNK, length - done));
        memory.write(at + done, chunk);
        total += chunk.length;
        done += chunk.length;
        if (chunk.length == 0) {
          return total;
        }
      }
    }
    return total;
  }

  private static void write(Program program, Memory memory, Words words) {
    int written =
        switch (program.descriptors().get(words.i(0))) {
          case Descriptor.Out(var sink) -> gather(memory, words, (chunk, _) -> sink.write(chunk));
          case OpenFile file -> {
            writable(program, words.i(0));
            long from = file.append ? file.tree.size(file.file) : file.position;
            int put =
                gather(memory, words, (chunk, done) -> put(program, file, from + done, chunk));
            file.position = from + put;
            yield put;
          }
          case OpenDirectory _ -> throw new WasiError(Errno.ISDIR);
          case Descriptor.In _ -> throw new WasiError(Errno.BADF);
        };
    memory.writeI32(words.i(3), written);
  }

  private static void writeAt(Program program, Memory memory, Words words) {
    var file = writable(program, words.i(0));
    if (words.l(3) < 0) {
      throw new WasiError(Errno.INVAL);
    }
    int written =
        gather(memory, words, (chunk, done) -> put(program, file, words.l(3) + done, chunk));
    memory.writeI32(words.i(4), written);
  }

  private static void put(Program program, OpenFile file, long at, byte[] chunk) {
    if (at > Long.MAX_VALUE - chunk.length) {
      throw new WasiError(Errno.FBIG);
    }
    program.descriptors().requireRoom(at + chunk.length);
    file.tree.write(file.file, at, chunk);
  }

  /** Takes a chunk that stands {@code done} bytes from the beginning. */
  private interface Taker {
    void take(byte[] chunk, int done);
  }

  private static int gather(Memory memory, Words words, Taker taker) {
    int total = 0;
    for (int i = 0; i < parts(words); i++) {
      int at = address(memory, words, i);
      int length = length(memory, words, i);
      for (int done = 0; done < length; done += CHUNK) {
        ProcessCalls.requireGoing();
        var chunk = memory.readBytes(at + done, Math.min(CHUNK, length - done));
        taker.take(chunk, total);
        total = Math.addExact(total, chunk.length);
      }
    }
    return total;
  }

  private static OpenFile writable(Program program, int number) {
    var file = program.descriptors().file(number);
    if (!file.writable) {
      throw new WasiError(Errno.NOTCAPABLE);
    }
    return file;
  }

  private static int parts(Words words) {
    int count = words.i(2);
    if (count < 0 || count > MOST_PARTS) {
      throw new WasiError(Errno.INVAL);
    }
    return count;
  }

  private static int address(Memory memory, Words words, int part) {
    return memory.readInt(words.i(1) + part * 8);
  }

  private static int length(Memory memory, Words words, int part) {
    int length = memory.readInt(words.i(1) + part * 8 + 4);
    if (length < 0) {
      throw new WasiError(Errno.INVAL);
    }
    return length;
  }
}
