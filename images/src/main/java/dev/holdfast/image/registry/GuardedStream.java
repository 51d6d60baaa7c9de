package dev.holdfast.image.registry;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** A stream that fails when its sender falls silent, where a plain one would wait for ever. */
final class GuardedStream extends InputStream {
  private final InputStream stream;
  private final Duration limit;
  private final Thread guard;
  private volatile long readingSince;
  private volatile boolean silent;

  GuardedStream(InputStream stream, Duration limit) {
    this.stream = stream;
    this.limit = limit;
    this.guard = Thread.startVirtualThread(this::watch);
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(Math.max(10, limit.toMillis() / 4));
        long since = readingSince;
        if (since != 0 && System.nanoTime() - since > limit.toNanos()) {
          silent = true;
          stream.close();
          return;
        }
      }
    } catch (InterruptedException | IOException over) {
      // The stream was closed, or cannot be: either way there is nothing left to guard.
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    // 0 means that nobody reads.
    readingSince = Math.max(1, System.nanoTime());
    try {
      int read = stream.read(buffer, offset, length);
      if (read < 0 && silent) {
        throw silence(null);
      }
      return read;
    } catch (IOException e) {
      throw silent ? silence(e) : e;
    } finally {
      readingSince = 0;
    }
  }

  private IOException silence(@org.jspecify.annotations.Nullable IOException cause) {
    return new IOException("nothing came for " + limit.toMillis() + " ms", cause);
  }

  @Override
  public void close() throws IOException {
    guard.interrupt();
    stream.close();
  }
}
