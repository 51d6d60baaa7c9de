package dev.holdfast.image.unpack;

import com.github.luben.zstd.ZstdInputStream;
import dev.holdfast.digest.Sha256;
import dev.holdfast.image.Digest;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.zip.GZIPInputStream;

/** A layer's tar file, decompressed by what its first bytes say, hashed and counted on the way. */
final class LayerStream extends FilterInputStream {
  /** RFC 1952, 2.3.1. */
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};

  /** RFC 8878, 3.1.1. */
  private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

  /** What a layer may make us hold in memory, as a power of two: 128 MiB, zstd's own default. */
  private static final int LARGEST_WINDOW = 27;

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
    if (startsWith(magic, GZIP)) {
      return new GZIPInputStream(in, 64 << 10);
    }
    if (startsWith(magic, ZSTD)) {
      return new ZstdInputStream(in).setLongMax(LARGEST_WINDOW);
    }
    return in;
  }

  private static boolean startsWith(byte[] bytes, byte[] magic) {
    return bytes.length >= magic.length
        && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
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
