package dev.holdfast.image.unpack;

import dev.holdfast.image.ImageException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a tar file entry by entry: the old format, ustar, GNU's long names, and PAX. What readers
 * are known to disagree about is refused and not guessed.
 */
public final class TarReader {
  private static final int BLOCK = 512;

  /** Long names and PAX headers together, for one entry. */
  private static final int MAX_HEADER = 1 << 20;

  private static final int MOST_HEADERS = 16;

  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private Map<String, String> globals = Map.of();
  private long left;
  private long padding;
  private long position;

  public TarReader(InputStream in) {
    this.in = in;
  }

  /** The next entry; what of the current one was not read is skipped. Empty at the end. */
  Optional<TarEntry> next() throws IOException {
    skip(left + padding);
    left = 0;
    padding = 0;
    var extra = new TarExtra(globals);
    for (int i = 0; i < MOST_HEADERS; i++) {
      if (!readBlock()) {
        return Optional.empty();
      }
      TarHeader header = TarHeader.parse(block);
      if (!extension(header, extra)) {
        TarEntry entry = extra.apply(header);
        left = entry.size();
        padding = padding(left);
        return Optional.of(entry);
      }
    }
    throw new ImageException("the tar file is not allowed: an entry has too many headers");
  }

  private boolean extension(TarHeader header, TarExtra extra) throws IOException {
    switch (header.type()) {
      case 'L' -> extra.longName(content(header));
      case 'K' -> extra.longLink(content(header));
      case 'x' -> extra.records(PaxRecords.parse(content(header)));
      case 'g' -> {
        globals = PaxRecords.parse(content(header));
        extra.globals(globals);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private String content(TarHeader header) throws IOException {
    if (header.size() > MAX_HEADER) {
      throw new ImageException(
          "the tar file is not allowed: a header has more than %d bytes".formatted(MAX_HEADER));
    }
    byte[] bytes = in.readNBytes((int) header.size());
    if (bytes.length < header.size()) {
      throw cut();
    }
    position += bytes.length;
    skip(padding(bytes.length));
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Reads the current entry's content; -1 at its end. */
  int read(byte[] buffer) throws IOException {
    if (left == 0) {
      return -1;
    }
    int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
    if (read < 0) {
      throw cut();
    }
    left -= read;
    position += read;
    return read;
  }

  /** Where the current entry's unread content is in the tar file. */
  long position() {
    return position;
  }

  private static long padding(long size) {
    return -size & (BLOCK - 1);
  }

  /** Whether there is another header: two empty blocks, or the file's end, are the end. */
  private boolean readBlock() throws IOException {
    int read = in.readNBytes(block, 0, BLOCK);
    position += read;
    if (read == 0) {
      return false;
    }
    if (read < BLOCK) {
      throw cut();
    }
    for (byte b : block) {
      if (b != 0) {
        return true;
      }
    }
    return false;
  }

  private void skip(long bytes) throws IOException {
    try {
      in.skipNBytes(bytes);
      position += bytes;
    } catch (EOFException e) {
      throw cut();
    }
  }

  private static ImageException cut() {
    return new ImageException("the tar file ends in the middle of an entry");
  }
}
