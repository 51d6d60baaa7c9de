package dev.holdfast.image.unpack;

import dev.holdfast.image.ImageException;
import java.nio.charset.StandardCharsets;

/** One header block of a tar file, as it stands there. */
record TarHeader(
    String name, int mode, long uid, long gid, long size, long modified, char type, String link) {

  static TarHeader parse(byte[] block) {
    if (number(block, 148, 8) != sum(block)) {
      throw new ImageException("the tar file is damaged: a header's checksum is wrong");
    }
    String name = text(block, 0, 100);
    boolean posix = text(block, 257, 6).equals("ustar");
    String prefix = posix ? text(block, 345, 155) : "";
    return new TarHeader(
        prefix.isEmpty() ? name : prefix + "/" + name,
        (int) (number(block, 100, 8) & 07777),
        number(block, 108, 8),
        number(block, 116, 8),
        size(number(block, 124, 12)),
        number(block, 136, 12),
        (char) block[156],
        text(block, 157, 100));
  }

  private static long size(long size) {
    if (size < 0) {
      throw new ImageException("the tar file is not allowed: a size is below 0");
    }
    return size;
  }

  /** All bytes, with the checksum's own field taken as blanks. */
  private static long sum(byte[] block) {
    long sum = 8 * ' ';
    for (int i = 0; i < block.length; i++) {
      sum += i >= 148 && i < 156 ? 0 : block[i] & 0xff;
    }
    return sum;
  }

  private static String text(byte[] block, int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return new String(block, offset, end - offset, StandardCharsets.ISO_8859_1);
  }

  /** Octal digits, or GNU's binary form, which has the first bit set. */
  private static long number(byte[] block, int offset, int length) {
    if ((block[offset] & 0x80) != 0) {
      return binary(block, offset, length);
    }
    String digits = text(block, offset, length).strip();
    if (!digits.matches("[0-7]*")) {
      throw new ImageException("the tar file is damaged: `%s` is no number".formatted(digits));
    }
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }

  private static long binary(byte[] block, int offset, int length) {
    // The second bit is the sign; times before 1970 are the only use of it.
    boolean negative = (block[offset] & 0x40) != 0;
    long value = negative ? -1 : 0;
    for (int i = offset; i < offset + length; i++) {
      int bits = i == offset ? (block[i] & 0x3f) | (negative ? 0xc0 : 0) : block[i] & 0xff;
      if (i > offset && value >> 55 != (negative ? -1 : 0)) {
        throw new ImageException("the tar file is not allowed: a number is too large");
      }
      value = i == offset ? (negative ? (long) (byte) bits : bits) : value << 8 | bits;
    }
    return value;
  }
}
