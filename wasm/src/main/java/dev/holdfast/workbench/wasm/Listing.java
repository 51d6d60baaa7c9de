package dev.holdfast.workbench.wasm;

import com.dylibso.chicory.runtime.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The call that lists a directory, into a buffer and from a place in it. */
final class Listing {
  private static final int HEAD = 24;
  private static final int MOST_BUFFER = 64 << 10;

  private Listing() {}

  static void read(Program program, Memory memory, SystemCall.Words words) {
    var open = program.descriptors().directory(words.i(0));
    int room = words.i(2);
    long from = words.l(3);
    if (room < 0 || from < 0) {
      throw new WasiError(Errno.INVAL);
    }
    room = Math.min(room, MOST_BUFFER);
    var entries = open.tree().entries(open.directory());
    int used = 0;
    for (long i = from; i < entries.size() && used < room; i++) {
      var entry = entries.get((int) i);
      var record = record(i + 1, entry.getKey(), entry.getValue());
      // The last one may be cut: a full buffer says that there is more.
      int fits = Math.min(record.length, room - used);
      memory.write(words.i(1) + used, Arrays.copyOf(record, fits));
      used += fits;
    }
    memory.writeI32(words.i(4), used);
  }

  private static byte[] record(long next, String name, Node node) {
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEAD + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(next)
        .putLong(node.number())
        .putInt(bytes.length)
        .putInt(Stat.kind(node))
        .put(bytes)
        .array();
  }
}
