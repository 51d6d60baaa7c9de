package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.WorkbenchException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * The connection to a monitor. What runs in the monitor may have taken it over, so whatever it says
 * is bounded in size and time.
 */
final class MonitorSocket implements AutoCloseable {
  private final String name;
  private final SocketChannel socket;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocate(8192).flip();

  /**
   * Takes over a connection.
   *
   * @param name of the monitor, for complaints about it
   */
  MonitorSocket(String name, SocketChannel socket) throws IOException {
    this.name = name;
    this.socket = socket;
    socket.configureBlocking(false);
    this.selector = socket.provider().openSelector();
    socket.register(selector, SelectionKey.OP_READ);
  }

  /** The end of an answer that begins now. */
  static long deadline(Duration limit) {
    return System.nanoTime() + limit.toNanos();
  }

  /**
   * Says all of it: a few hundred bytes, which a monitor that lives takes at once.
   *
   * @throws WorkbenchException when the monitor takes none of it in time
   */
  void say(byte[] text, long deadline) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text);
    while (bytes.hasRemaining()) {
      if (socket.write(bytes) == 0) {
        refuseAfter(deadline);
        Thread.onSpinWait();
      }
    }
  }

  /**
   * The next line, without its end.
   *
   * @throws WorkbenchException when it is too long, or does not come in time
   */
  byte[] line(int longest, long deadline) throws IOException {
    var line = new ByteArrayOutputStream();
    while (line.size() < longest) {
      byte next = next(deadline);
      if (next == '\n') {
        return line.toByteArray();
      }
      line.write(next);
    }
    throw new WorkbenchException(
        "%s said more than `%d` bytes in one line".formatted(name, longest));
  }

  /** Exactly so many bytes. */
  byte[] bytes(int count, long deadline) throws IOException {
    var bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = next(deadline);
    }
    return bytes;
  }

  /**
   * All until it ends.
   *
   * @throws WorkbenchException when that is more than so many bytes, or takes too long
   */
  byte[] rest(int most, long deadline) throws IOException {
    var bytes = new ByteArrayOutputStream();
    do {
      bytes.write(buffer.array(), buffer.position(), buffer.remaining());
      if (bytes.size() > most) {
        throw new WorkbenchException("%s said more than `%d` bytes".formatted(name, most));
      }
    } while (fill(deadline));
    return bytes.toByteArray();
  }

  private byte next(long deadline) throws IOException {
    while (!buffer.hasRemaining()) {
      if (!fill(deadline)) {
        throw new WorkbenchException(name + " has ended");
      }
    }
    return buffer.get();
  }

  /** False at the end. */
  private boolean fill(long deadline) throws IOException {
    buffer.clear();
    int count = socket.read(buffer);
    while (count == 0) {
      selector.select(_ -> {}, refuseAfter(deadline));
      count = socket.read(buffer);
    }
    buffer.flip();
    return count >= 0;
  }

  /** Milliseconds that are left. */
  private long refuseAfter(long deadline) {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new WorkbenchException(name + " did not answer in time");
    }
    return left;
  }

  @Override
  public void close() throws IOException {
    selector.close();
    socket.close();
  }
}
