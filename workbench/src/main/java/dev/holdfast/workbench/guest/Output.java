package dev.holdfast.workbench.guest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One output stream of a program, or one direction of a connection. The guest sends as much as it
 * was given credit for; what is read here is given back, so at most one window is ever buffered.
 */
final class Output extends InputStream {
  private static final byte[] NOTHING = new byte[0];

  private final GuestChannel channel;
  private final int sub;
  private int stream;
  private byte[] bytes = NOTHING;
  private int first;
  private int last;
  private final Window window = new Window();
  private boolean ended;
  private @Nullable String broken;

  Output(GuestChannel channel, int sub) {
    this.channel = channel;
    this.sub = sub;
  }

  /** Where credit goes; to be set before the stream is opened at the guest. */
  synchronized void bind(int id) {
    stream = id;
  }

  /** Takes the first {@code keep} bytes of what the guest sent, and drops the rest. */
  synchronized void receive(ByteBuffer data, int keep) throws ProtocolViolation {
    int count = data.remaining();
    if (ended || !window.hasRoom(count) || count > Limits.MAX_DATA) {
      throw new ProtocolViolation(
          ended ? "output after its end" : "`%d` bytes of output without credit".formatted(count));
    }
    window.fill(count);
    window.owe(count - keep);
    reserve(keep);
    data.get(bytes, last, keep);
    last += keep;
    notifyAll();
  }

  /** Takes nothing of what the guest sent after this was broken off here; credit binds it still. */
  synchronized void drop(ByteBuffer data) throws ProtocolViolation {
    if (!window.hasRoom(data.remaining())) {
      throw new ProtocolViolation(
          "`%d` bytes of output without credit".formatted(data.remaining()));
    }
    window.fill(data.remaining());
  }

  private void reserve(int more) {
    if (bytes.length - last >= more) {
      return;
    }
    int held = last - first;
    byte[] target =
        bytes.length - held >= more && held < bytes.length / 2
            ? bytes
            : new byte[Math.max(Math.max(2 * held, held + more), 512)];
    System.arraycopy(bytes, first, target, 0, held);
    bytes = target;
    first = 0;
    last = held;
  }

  synchronized void end() {
    ended = true;
    notifyAll();
  }

  synchronized boolean hasEnded() {
    return ended;
  }

  /** Ends it early: what was received can be read, then reading fails. */
  synchronized void breakOff(String why) {
    if (!ended) {
      ended = true;
      broken = why;
    }
    notifyAll();
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    int count;
    int credit;
    synchronized (this) {
      awaitBytes();
      if (first == last) {
        if (broken != null) {
          throw new IOException(broken);
        }
        return -1;
      }
      count = Math.min(length, last - first);
      System.arraycopy(bytes, first, into, offset, count);
      first += count;
      credit = consumed(count);
    }
    give(credit);
    return count;
  }

  private void awaitBytes() throws IOException {
    try {
      while (first == last && !ended) {
        wait();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while output was read");
    }
  }

  @Override
  public synchronized int available() {
    return last - first;
  }

  /** Notes bytes as read and says how much credit is due now. */
  private int consumed(int count) {
    if (first == last) {
      first = 0;
      last = 0;
    }
    return ended ? 0 : window.taken(count);
  }

  private void give(int credit) throws IOException {
    if (credit > 0 && channel.end() == null) {
      channel.send(Frames.credit(sub, stream, credit));
    }
  }

  /** Takes everything received so far without waiting, and gives it back as credit. */
  byte[] takeAll() {
    byte[] taken;
    int credit;
    synchronized (this) {
      taken = Arrays.copyOfRange(bytes, first, last);
      first = last;
      credit = consumed(taken.length);
    }
    if (credit > 0) {
      channel.send(Frames.credit(sub, stream, credit));
    }
    return taken;
  }
}
