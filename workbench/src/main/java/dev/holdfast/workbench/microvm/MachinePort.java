package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The few messages between host and machine before the guest takes over the same port: a length of
 * four bytes and so many bytes. What comes from the machine is bounded in size and time.
 */
final class MachinePort {
  private static final int LONGEST = 1024;

  private MachinePort() {}

  /** Gives a machine that is starting cold its shape, and waits until it is ready to be kept. */
  static void prepare(SocketChannel port, byte[] shape, Duration limit) throws IOException {
    expect("?", hear(port, limit));
    say(port, shape);
    expect("ready", hear(port, limit));
  }

  /** Gives a machine its identity, and waits until it is in force. */
  static void identify(SocketChannel port, byte[] identity, Duration limit) throws IOException {
    say(port, identity);
    expect("", hear(port, limit));
  }

  private static void expect(String words, byte[] said) {
    if (!words.equals(new String(said, StandardCharsets.UTF_8))) {
      throw new WorkbenchException("the machine did not start: " + words(said));
    }
  }

  static void say(SocketChannel port, byte[] bytes) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(4 + bytes.length);
    message.putInt(bytes.length).put(bytes).flip();
    port.configureBlocking(true);
    while (message.hasRemaining()) {
      port.write(message);
    }
  }

  /** The machine's own words, harmless to read. */
  static String words(byte[] said) {
    return new String(said, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ");
  }

  static byte[] hear(SocketChannel port, Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    port.configureBlocking(false);
    try (Selector selector = port.provider().openSelector()) {
      port.register(selector, SelectionKey.OP_READ);
      int length = exactly(port, selector, 4, deadline).getInt();
      if (length < 0 || length > LONGEST) {
        throw new WorkbenchException(
            "the machine said `%d` bytes: at most %d are allowed".formatted(length, LONGEST));
      }
      return exactly(port, selector, length, deadline).array();
    }
  }

  private static ByteBuffer exactly(SocketChannel port, Selector selector, int count, long deadline)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      int read = port.read(bytes);
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (read < 0) {
        throw new WorkbenchException("the machine ended before it answered");
      }
      if (read == 0 && left <= 0) {
        throw new WorkbenchException("the machine did not answer in time");
      }
      if (read == 0) {
        selector.select(_ -> {}, left);
      }
    }
    return bytes.flip();
  }
}
