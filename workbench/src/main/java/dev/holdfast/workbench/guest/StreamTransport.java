package dev.holdfast.workbench.guest;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A pair of streams, for layers that have no socket to give. */
final class StreamTransport implements Transport {
  private static final int PIECE = 16 << 10;

  private final InputStream in;
  private final OutputStream out;
  private final Closeable both;
  private final byte[] piece = new byte[PIECE];

  /**
   * @param both closes both streams such that a blocked read and a blocked write return
   */
  StreamTransport(InputStream in, OutputStream out, Closeable both) {
    this.in = in;
    this.out = out;
    this.both = both;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int count = in.read(piece, 0, Math.min(PIECE, into.remaining()));
    if (count > 0) {
      into.put(piece, 0, count);
    }
    return count;
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    var bytes = new byte[from.remaining()];
    from.get(bytes);
    out.write(bytes);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    both.close();
  }
}
