package dev.holdfast.image.build;

import dev.holdfast.image.ImageException;
import dev.holdfast.image.unpack.FileTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a layer: the same entries give the same bytes. Names are bytes, one to a character. */
final class LayerTar {
  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final long OCTAL = 077777777777L;
  private static final String WHITEOUT = ".wh.";

  private final OutputStream out;
  private final long latest;
  private long room;

  /**
   * @param latest no entry is modified later than this, in seconds since 1970
   * @param room how many bytes its files may have: those with holes are larger here than they were
   */
  LayerTar(OutputStream out, long latest, long room) {
    this.out = out;
    this.latest = latest;
    this.room = room;
  }

  /**
   * What is written of an entry beside its content.
   *
   * @param mode without type; set-user and set-group bits are not written
   */
  record Header(String path, int mode, int uid, int gid, long modified) {
    Header at(String other) {
      return new Header(other, mode, uid, gid, modified);
    }
  }

  void directory(Header header) throws IOException {
    entry(header.at(header.path() + "/"), '5', 0, "", 01777);
  }

  void symlink(Header header, String target) throws IOException {
    entry(header, '2', 0, target, 0777);
  }

  void hardLink(Header header, String target) throws IOException {
    entry(header, '1', 0, target, 0777);
  }

  /** Writes a file of exactly that many bytes. */
  void file(Header header, long size, InputStream content) throws IOException {
    room -= size;
    if (room < 0) {
      throw new ImageException(
          "a step's files are larger than its disk: `--disk` says how large that is");
    }
    entry(header, '0', size, "", 0777);
    long left = size;
    byte[] buffer = new byte[64 << 10];
    while (left > 0) {
      int read = content.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new ImageException(
            "`%s` has changed meanwhile".formatted(FileTree.readable(header.path())));
      }
      out.write(buffer, 0, read);
      left -= read;
    }
    pad(size);
  }

  /** Says that what is at a path in the layers below is gone. */
  void gone(String path) throws IOException {
    mark(parent(path), WHITEOUT + name(path));
  }

  /** Says that all that is in a directory of the layers below is gone. */
  void cleared(String directory) throws IOException {
    mark(directory, WHITEOUT + WHITEOUT + ".opq");
  }

  private void mark(String directory, String name) throws IOException {
    write(new Header(FileTree.below(directory, name), 0, 0, 0, 0), '0', 0, "");
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private void entry(Header header, char type, long size, String link, int allowed)
      throws IOException {
    String bare = header.path().replaceAll("/$", "");
    if (name(bare).startsWith(WHITEOUT)) {
      throw new ImageException(
          "`%s` is not allowed: in a layer `.wh.` means that something is gone"
              .formatted(FileTree.readable(bare)));
    }
    long modified = Math.clamp(header.modified(), 0, latest);
    var clean =
        new Header(header.path(), header.mode() & allowed, header.uid(), header.gid(), modified);
    write(clean, type, size, link);
  }

  private void write(Header header, char type, long size, String link) throws IOException {
    var more = new ByteArrayOutputStream();
    if (header.path().length() > NAME) {
      record(more, "path", header.path());
    }
    if (link.length() > NAME) {
      record(more, "linkpath", link);
    }
    if (size > OCTAL) {
      record(more, "size", Long.toString(size));
    }
    if (more.size() > 0) {
      var about = new Header("pax", 0644, 0, 0, 0);
      block(about, 'x', more.size(), "");
      out.write(more.toByteArray());
      pad(more.size());
    }
    block(header, type, size > OCTAL ? 0 : size, link);
  }

  /** {@code LENGTH KEY=VALUE\n}, the length counting itself. */
  private static void record(ByteArrayOutputStream to, String key, String value) {
    String rest = " " + key + "=" + value + "\n";
    int length = rest.length() + 1;
    while (rest.length() + Integer.toString(length).length() != length) {
      length = rest.length() + Integer.toString(length).length();
    }
    to.writeBytes((length + rest).getBytes(StandardCharsets.ISO_8859_1));
  }

  private void block(Header header, char type, long size, String link) throws IOException {
    byte[] block = new byte[BLOCK];
    put(block, 0, NAME, header.path());
    put(block, 100, 8, "%07o".formatted(header.mode()));
    put(block, 108, 8, "%07o".formatted(header.uid()));
    put(block, 116, 8, "%07o".formatted(header.gid()));
    put(block, 124, 12, "%011o".formatted(size));
    put(block, 136, 12, "%011o".formatted(Math.min(header.modified(), OCTAL)));
    put(block, 148, 8, "        ");
    block[156] = (byte) type;
    put(block, 157, NAME, link);
    put(block, 257, 6, "ustar");
    put(block, 263, 2, "00");
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    put(block, 148, 8, "%06o\0 ".formatted(sum));
    out.write(block);
  }

  private static void put(byte[] block, int offset, int most, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, offset, Math.min(bytes.length, most));
  }

  private void pad(long size) throws IOException {
    out.write(new byte[(int) (-size & (BLOCK - 1))]);
  }

  /** Comes last. */
  void end() throws IOException {
    out.write(new byte[2 * BLOCK]);
  }
}
