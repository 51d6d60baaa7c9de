package dev.holdfast.scorecard;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The bytes that a WebAssembly module is made of. */
final class Binary {
  private Binary() {}

  static byte[] raw(int... values) {
    var bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] name(String text) {
    return sized(text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] sized(byte[] bytes) {
    return join(unsigned(bytes.length), bytes);
  }

  /** LEB128, as the format writes counts. */
  static byte[] unsigned(int value) {
    var out = new ByteArrayOutputStream();
    int left = value;
    for (; left > 0x7f; left >>>= 7) {
      out.write((left & 0x7f) | 0x80);
    }
    out.write(left);
    return out.toByteArray();
  }

  /** LEB128, as the format writes numbers that may be negative. */
  static byte[] signed(long value) {
    var out = new ByteArrayOutputStream();
    long left = value;
    for (; left < -0x40 || left > 0x3f; left >>= 7) {
      out.write((int) (left & 0x7f) | 0x80);
    }
    out.write((int) left & 0x7f);
    return out.toByteArray();
  }
}
