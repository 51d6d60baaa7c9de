package dev.holdfast.image.unpack;

import dev.holdfast.digest.Sha256;
import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.IntConsumer;
import java.util.zip.GZIPInputStream;

/** A layer's tar file, decompressed by what its first bytes say, hashed and counted on the way. */
final class LayerStream extends FilterInputStream {
  private final MessageDigest hash = Sha256.start();
  private final IntConsumer counter;

  private LayerStream(InputStream in, IntConsumer counter) {
    super(in);
    this.counter = counter;
  }

  static LayerStream open(InputStream compressed, IntConsumer counter) throws IOException {
    var buffered = new BufferedInputStream(compressed, 64 << 10);
    buffered.mark(4);
    byte[] magic = buffered.readNBytes(4);
    buffered.reset();
    return new LayerStream(new BufferedInputStream(plain(buffered, magic), 64 << 10), counter);
  }

  private static InputStream plain(InputStream in, byte[] magic) throws IOException {
    if (magic.length >= 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
      return new GZIPInputStream(in, 64 << 10);
    }
    if (magic.length == 4
        && magic[0] == 0x28
        && magic[1] == (byte) 0xb5
        && magic[2] == 0x2f
        && magic[3] == (byte) 0xfd) {
      throw new ImageException("a layer is not allowed: zstd is not understood yet, gzip is");
    }
    return in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    if (read > 0) {
      hash.update(buffer, offset, read);
      counter.accept(read);
    }
    return read;
  }

  /** Skipped bytes count and are hashed like all others. */
  @Override
  public long skip(long count) throws IOException {
    byte[] buffer = new byte[Math.clamp(count, 0, 64 << 10)];
    int read = buffer.length == 0 ? 0 : read(buffer, 0, buffer.length);
    return Math.max(0, read);
  }

  /** The digest of the whole, read to its end. */
  Digest digest() throws IOException {
    byte[] buffer = new byte[64 << 10];
    while (read(buffer, 0, buffer.length) >= 0) {
      // What is behind the tar file's end counts for the digest.
    }
    return Digest.of(hash);
  }
}
