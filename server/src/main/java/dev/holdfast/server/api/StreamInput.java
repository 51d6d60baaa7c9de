package dev.holdfast.server.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program's input on its way from a client. The client may have {@link #WINDOW} bytes under way;
 * what the program has taken is given back to it. So nothing that a program does not read stands
 * before a signal or a new size.
 */
final class StreamInput {
  /** Bytes that a client may send before it is given more. */
  static final int WINDOW = 256 << 10;

  private static final byte[] END = new byte[0];

  private final BlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>();
  private final AtomicInteger under = new AtomicInteger();
  private final StreamSession session;

  StreamInput(StreamSession session) {
    this.session = session;
  }

  /**
   * Takes what a client sent; never waits.
   *
   * @throws IllegalArgumentException when it is more than the client was given
   */
  void add(ByteBuffer bytes) {
    if (!bytes.hasRemaining()) {
      return;
    }
    if (under.addAndGet(bytes.remaining()) > WINDOW) {
      throw new IllegalArgumentException(
          "more input than was asked for: at most %d bytes are under way".formatted(WINDOW));
    }
    var copy = new byte[bytes.remaining()];
    bytes.get(copy);
    waiting.add(copy);
  }

  /** The client has sent all. */
  void end() {
    waiting.add(END);
  }

  /** Writes what comes to the program, until it or the client has had enough, and closes it. */
  void carryTo(OutputStream stdin) throws InterruptedException {
    passTo(stdin);
    try {
      stdin.close();
    } catch (IOException e) {
      // The program has ended.
    }
  }

  /** Writes what comes to the program, until it or the client has had enough. */
  void passTo(OutputStream stdin) throws InterruptedException {
    try {
      for (byte[] bytes = waiting.take(); bytes.length > 0; bytes = waiting.take()) {
        stdin.write(bytes);
        stdin.flush();
        under.addAndGet(-bytes.length);
        session.send(Map.of("credit", bytes.length));
      }
    } catch (IOException e) {
      // The program has closed its input or ended, or the client is gone. The end tells which.
    }
  }
}
