package dev.holdfast.image.unpack;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Writes tar files, with whatever in them a test wants: no check keeps it honest. */
public final class Tar {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** One entry, field by field. */
  public record Entry(String name, char type, int mode, long uid, String link, byte[] content) {}

  public Tar file(String name, String content) {
    return add(new Entry(name, '0', 0644, 0, "", content.getBytes(StandardCharsets.UTF_8)));
  }

  public Tar file(String name, byte[] content, int mode, long uid) {
    return add(new Entry(name, '0', mode, uid, "", content));
  }

  public Tar directory(String name) {
    return add(new Entry(name, '5', 0755, 0, "", new byte[0]));
  }

  public Tar directory(String name, int mode, long uid) {
    return add(new Entry(name, '5', mode, uid, "", new byte[0]));
  }

  public Tar symlink(String name, String target) {
    return add(new Entry(name, '2', 0777, 0, target, new byte[0]));
  }

  public Tar hardLink(String name, String target) {
    return add(new Entry(name, '1', 0644, 0, target, new byte[0]));
  }

  public Tar device(String name, char type) {
    return add(new Entry(name, type, 0666, 0, "", new byte[0]));
  }

  /** A PAX header for the entry that comes next. */
  public Tar pax(String key, String value) {
    String rest = " " + key + "=" + value + "\n";
    int length = rest.length() + 1;
    while (rest.length() + Integer.toString(length).length() != length) {
      length = rest.length() + Integer.toString(length).length();
    }
    byte[] record = (length + rest).getBytes(StandardCharsets.ISO_8859_1);
    return add(new Entry("pax", 'x', 0644, 0, "", record));
  }

  public Tar add(Entry entry) {
    return add(entry, entry.content().length);
  }

  /** An entry that says another size than it has. */
  public Tar add(Entry entry, long size) {
    byte[] block = new byte[512];
    put(block, 0, entry.name());
    put(block, 100, "%07o".formatted(entry.mode()));
    put(block, 108, "%07o".formatted(entry.uid()));
    put(block, 116, "%07o".formatted(entry.uid()));
    put(block, 124, "%011o".formatted(size));
    put(block, 136, "%011o".formatted(1_700_000_000));
    block[156] = (byte) entry.type();
    put(block, 157, entry.link());
    put(block, 257, "ustar");
    put(block, 263, "00");
    put(block, 148, "        ");
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    put(block, 148, String.format(Locale.ROOT, "%06o", sum) + "\0");
    out.writeBytes(block);
    out.writeBytes(entry.content());
    out.writeBytes(new byte[-entry.content().length & 511]);
    return this;
  }

  private static void put(byte[] block, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, offset, Math.min(bytes.length, block.length - offset));
  }

  /** What was written so far, without an end. */
  public byte[] unfinished() {
    return out.toByteArray();
  }

  public byte[] bytes() {
    out.writeBytes(new byte[1024]);
    return out.toByteArray();
  }
}
