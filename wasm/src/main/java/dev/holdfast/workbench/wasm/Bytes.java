package dev.holdfast.workbench.wasm;

/** Reads the bytes of a module from one place to another. */
final class Bytes {
  private static final int LEB_BITS = 7;

  private final byte[] bytes;
  private final int end;
  private int at;

  Bytes(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  boolean more() {
    return at < end;
  }

  int one() {
    if (at >= end) {
      throw new ModuleRefused("it ends in the middle, at byte `%d`".formatted(at));
    }
    return bytes[at++] & 0xff;
  }

  /** An unsigned number of up to 32 bits, in the LEB128 form. */
  long number() {
    long value = 0;
    for (int shift = 0; shift < 5 * LEB_BITS; shift += LEB_BITS) {
      int next = one();
      value |= (long) (next & 0x7f) << shift;
      if ((next & 0x80) == 0) {
        if (value > 0xffff_ffffL) {
          break;
        }
        return value;
      }
    }
    throw new ModuleRefused("it has a number of more than 32 bits before byte `%d`".formatted(at));
  }

  /** How many of something follow; each takes a byte at the least. */
  int count(String what, int most) {
    long count = number();
    if (count > most) {
      throw new ModuleRefused(
          "it has `%d` %s: at most %d are allowed".formatted(count, what, most));
    }
    return (int) count;
  }

  void skip(long many) {
    if (many > end - at) {
      throw new ModuleRefused("it ends in the middle, at byte `%d`".formatted(end));
    }
    at += (int) many;
  }

  /** The next {@code many} bytes, on their own. */
  Bytes part(long many) {
    int from = at;
    skip(many);
    return new Bytes(bytes, from, at);
  }
}
