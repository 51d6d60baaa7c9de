package dev.holdfast.workbench.wasm;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;

/** A program's stdin: what it is given at the start, and what its caller writes. Thread-safe. */
final class Feed {
  /** What may wait to be read before a writer waits, too. */
  private static final int MOST = 256 << 10;

  private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
  private int waiting;
  private boolean closed;
  private boolean ended;

  Feed(byte[] first, boolean open) {
    if (first.length > 0) {
      chunks.add(first.clone());
      waiting = first.length;
    }
    closed = !open;
  }

  /** Nobody reads any more: writing fails. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  private synchronized void put(byte[] bytes) throws IOException {
    while (waiting >= MOST && !ended && !closed) {
      pause();
    }
    if (ended || closed) {
      throw new IOException("stdin is closed");
    }
    chunks.add(bytes);
    waiting += bytes.length;
    notifyAll();
  }

  private synchronized void finish() {
    closed = true;
    notifyAll();
  }

  private synchronized int get(byte[] into, int offset, int most) throws IOException {
    while (chunks.isEmpty() && !closed && !ended) {
      pause();
    }
    if (chunks.isEmpty()) {
      return -1;
    }
    var first = chunks.removeFirst();
    int many = Math.min(most, first.length);
    System.arraycopy(first, 0, into, offset, many);
    if (many < first.length) {
      chunks.addFirst(Arrays.copyOfRange(first, many, first.length));
    }
    waiting -= many;
    notifyAll();
    return many;
  }

  /** Waits for a change; whoever calls it looks again, in a loop. */
  @SuppressWarnings("WaitNotInLoop")
  private void pause() throws IOException {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while stdin is waited for");
    }
  }

  InputStream reading() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        var one = new byte[1];
        return get(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int most) throws IOException {
        return most == 0 ? 0 : get(into, offset, most);
      }
    };
  }

  OutputStream writing() {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        put(new byte[] {(byte) value});
      }

      @Override
      public void write(byte[] bytes, int offset, int many) throws IOException {
        for (int at = 0; at < many; at += MOST) {
          put(Arrays.copyOfRange(bytes, offset + at, offset + Math.min(many, at + MOST)));
        }
      }

      @Override
      public void close() {
        finish();
      }
    };
  }
}
