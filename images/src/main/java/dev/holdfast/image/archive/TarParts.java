package dev.holdfast.image.archive;

import dev.holdfast.image.ImageException;
import dev.holdfast.image.unpack.TarIndex;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** A tar file, read once to know what is where; one with gzip is decompressed beside it first. */
final class TarParts implements Parts {
  private static final long MAX_BYTES = 32L << 30;

  private final FileChannel file;
  private final TarIndex index;

  private TarParts(FileChannel file, TarIndex index) {
    this.file = file;
    this.index = index;
  }

  /**
   * Opens one.
   *
   * @param scratch where a decompressed copy may be for as long as it is open
   */
  static TarParts open(Path archive, Path scratch) throws IOException {
    FileChannel file = isGzip(archive) ? decompressed(archive, scratch) : FileChannel.open(archive);
    try {
      var in = new BufferedInputStream(Channels.newInputStream(file), 64 << 10);
      return new TarParts(file, TarIndex.read(in));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static boolean isGzip(Path archive) throws IOException {
    try (InputStream in = Files.newInputStream(archive)) {
      byte[] magic = in.readNBytes(2);
      return magic.length == 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
    }
  }

  private static FileChannel decompressed(Path archive, Path scratch) throws IOException {
    Path copy = Files.createTempFile(scratch, "archive-", ".part");
    FileChannel file =
        FileChannel.open(
            copy,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try (InputStream in = new GZIPInputStream(Files.newInputStream(archive), 64 << 10)) {
      OutputStream out = Channels.newOutputStream(file);
      byte[] buffer = new byte[64 << 10];
      long bytes = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        bytes += read;
        if (bytes > MAX_BYTES) {
          throw new ImageException(
              "archive `%s` is not allowed: it has more than %d bytes"
                  .formatted(archive, MAX_BYTES));
        }
        out.write(buffer, 0, read);
      }
      return file.position(0);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public Optional<InputStream> open(String name) {
    return index.find(name).map(span -> new Slice(file, span.offset(), span.size()));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** A part of the file, read at its own place: several can be read at once. */
  private static final class Slice extends InputStream {
    private final FileChannel file;
    private long at;
    private long left;

    Slice(FileChannel file, long offset, long size) {
      this.file = file;
      this.at = offset;
      this.left = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left <= 0) {
        return -1;
      }
      int most = (int) Math.min(length, left);
      int read = file.read(java.nio.ByteBuffer.wrap(buffer, offset, most), at);
      if (read > 0) {
        at += read;
        left -= read;
      }
      return read;
    }
  }
}
