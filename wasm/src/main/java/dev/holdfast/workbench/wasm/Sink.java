package dev.holdfast.workbench.wasm;

import dev.holdfast.workbench.End;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;

/**
 * What a program writes, kept until it is read: never more than the limit that it shares with the
 * program's other sink. Thread-safe.
 */
final class Sink {
  /** What all sinks of a program may still take. */
  static final class Room {
    private final long limit;
    private long left;

    Room(long bytes) {
      this.limit = bytes;
      this.left = bytes;
    }

    private synchronized void take(int bytes) {
      if (bytes > left) {
        throw new Halt(new End.OutputExceeded(limit));
      }
      left -= bytes;
    }
  }

  private final Room room;
  private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
  private boolean ended;

  Sink(Room room) {
    this.room = room;
  }

  void write(byte[] data) {
    room.take(data.length);
    synchronized (this) {
      unread.writeBytes(data);
      notifyAll();
    }
  }

  /** Nothing more comes. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Takes what has not been read. */
  synchronized byte[] take() {
    var bytes = unread.toByteArray();
    unread.reset();
    return bytes;
  }

  private synchronized byte[] await() {
    boolean interrupted = false;
    while (unread.size() == 0 && !ended) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return take();
  }

  /** Reads as it is written, to the end. */
  InputStream stream() {
    return new InputStream() {
      private byte[] chunk = new byte[0];
      private int at;

      @Override
      public int read() {
        return fill() ? chunk[at++] & 0xff : -1;
      }

      @Override
      public int read(byte[] into, int offset, int most) {
        if (most == 0) {
          return 0;
        }
        if (!fill()) {
          return -1;
        }
        int many = Math.min(most, chunk.length - at);
        System.arraycopy(chunk, at, into, offset, many);
        at += many;
        return many;
      }

      private boolean fill() {
        if (at == chunk.length) {
          chunk = await();
          at = 0;
        }
        return at < chunk.length;
      }
    };
  }
}
