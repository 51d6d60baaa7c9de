package dev.holdfast.workbench.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A connected socket. It is non-blocking, because a blocking channel is closed when a thread that
 * happens to write to it is interrupted: one cancelled call would end the workbench for all.
 */
public final class SocketTransport implements Transport {
  private static final long FIRST_PAUSE = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

  private final SocketChannel channel;
  private final Selector readable;

  /** Owns the socket from now on. */
  public SocketTransport(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.configureBlocking(false);
    this.readable = channel.provider().openSelector();
    channel.register(readable, SelectionKey.OP_READ);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int count = channel.read(into);
    while (count == 0) {
      readable.select(_ -> {});
      if (!readable.isOpen()) {
        throw new ClosedChannelException();
      }
      count = channel.read(into);
    }
    return count;
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    long pause = FIRST_PAUSE;
    while (true) {
      int count = channel.write(from);
      if (!from.hasRemaining()) {
        return;
      }
      // The socket's buffer is full: rare, and the guest empties it within microseconds.
      pause = count > 0 ? FIRST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
      LockSupport.parkNanos(pause);
    }
  }

  @Override
  public void close() throws IOException {
    readable.close();
    channel.close();
  }
}
