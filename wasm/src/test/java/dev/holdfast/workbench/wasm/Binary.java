package dev.holdfast.workbench.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Puts modules together byte by byte, right ones and wrong ones. */
final class Binary {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Binary() {
    bytes.writeBytes(raw(0, 'a', 's', 'm', 1, 0, 0, 0));
  }

  static byte[] raw(int... values) {
    var all = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      all[i] = (byte) values[i];
    }
    return all;
  }

  /** An unsigned LEB128 number. */
  static byte[] number(long value) {
    var out = new ByteArrayOutputStream();
    long left = value;
    do {
      int low = (int) (left & 0x7f);
      left >>>= 7;
      out.write(left == 0 ? low : low | 0x80);
    } while (left != 0);
    return out.toByteArray();
  }

  static byte[] text(String text) {
    var letters = text.getBytes(StandardCharsets.UTF_8);
    return join(number(letters.length), letters);
  }

  static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  Binary section(int id, byte[]... parts) {
    var body = join(parts);
    bytes.writeBytes(join(raw(id), number(body.length), body));
    return this;
  }

  byte[] done() {
    return bytes.toByteArray();
  }

  /** Sections 1 and 3: one function without parameters and results. */
  Binary oneFunction() {
    return section(1, raw(1, 0x60, 0, 0)).section(3, raw(1, 0));
  }

  /** Section 7: that function is {@code _start}. */
  Binary exported() {
    return section(7, raw(1), text("_start"), raw(0, 0));
  }

  /** Section 10: its code, without the end. */
  Binary code(int... instructions) {
    return code(raw(0), raw(instructions));
  }

  /** Section 10, with these declarations of locals. */
  Binary code(byte[] locals, byte[] instructions) {
    var body = join(locals, instructions, raw(0x0b));
    return section(10, raw(1), number(body.length), body);
  }

  /** A module that does {@code instructions}. */
  static byte[] doing(int... instructions) {
    return new Binary().oneFunction().exported().code(instructions).done();
  }
}
