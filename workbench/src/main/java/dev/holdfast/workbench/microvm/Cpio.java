package dev.holdfast.workbench.microvm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes an archive in the form that the kernel unpacks as its first file system ("newc"). */
final class Cpio {
  private static final int DIRECTORY = 0040000;
  private static final int FILE = 0100000;
  private static final int LINK = 0120000;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int serial;

  void directory(String path) {
    entry(path, DIRECTORY | 0755, new byte[0]);
  }

  void file(String path, boolean executable, byte[] content) {
    entry(path, FILE | (executable ? 0755 : 0644), content);
  }

  void link(String path, String value) {
    entry(path, LINK | 0777, value.getBytes(StandardCharsets.UTF_8));
  }

  byte[] finish() {
    entry("TRAILER!!!", 0, new byte[0]);
    return out.toByteArray();
  }

  /** Owner and times are 0, so that equal files give equal archives. */
  private void entry(String path, int mode, byte[] content) {
    byte[] name = (path + "\0").getBytes(StandardCharsets.UTF_8);
    var header = new StringBuilder("070701");
    int[] fields = {++serial, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, 0};
    for (int field : fields) {
      header.append("%08X".formatted(field));
    }
    out.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(name);
    align();
    out.writeBytes(content);
    align();
  }

  private void align() {
    out.writeBytes(new byte[-out.size() & 3]);
  }
}
