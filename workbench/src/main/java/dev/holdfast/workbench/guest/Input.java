package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A program's stdin, or one direction of a connection: bytes go out as the guest gives credit. */
final class Input extends OutputStream {
  private final GuestChannel channel;
  private final int sub;
  private final Object writing = new Object();
  private int stream;
  private int credit;
  private boolean closed;
  private boolean preloading;
  private @Nullable String broken;

  Input(GuestChannel channel, int sub, int credit) {
    this.channel = channel;
    this.sub = sub;
    this.credit = credit;
  }

  synchronized void bind(int id) {
    stream = id;
  }

  /** The guest took bytes. */
  synchronized void give(int more) throws ProtocolViolation {
    if (more < 0 || more > Limits.MAX_CREDIT || credit + more > Limits.MAX_CREDIT) {
      throw new ProtocolViolation("`%d` bytes of credit".formatted(Integer.toUnsignedLong(more)));
    }
    credit += more;
    notifyAll();
  }

  /** Nobody reads it any more. */
  synchronized void breakOff(String why) {
    if (broken == null) {
      broken = why;
    }
    notifyAll();
  }

  /**
   * Writes {@code bytes} from {@code offset} on from another thread, before anything that is
   * written later.
   */
  void preload(byte[] bytes, int offset, boolean thenClose) {
    synchronized (this) {
      preloading = true;
    }
    Thread.startVirtualThread(
        () -> {
          try {
            writeNow(bytes, offset, bytes.length - offset);
          } catch (IOException | WorkbenchException _) {
            // The program does not want its input, or is gone: its end says more.
          } finally {
            donePreloading(thenClose);
          }
        });
  }

  private void donePreloading(boolean thenClose) {
    if (thenClose) {
      closeNow();
    }
    synchronized (this) {
      preloading = false;
      notifyAll();
    }
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    awaitPreload();
    writeNow(bytes, offset, length);
  }

  private void writeNow(byte[] bytes, int offset, int length) throws IOException {
    synchronized (writing) {
      int at = offset;
      while (at < offset + length) {
        int count = takeCredit(offset + length - at);
        channel.send(Frames.data(sub, stream, bytes, at, count));
        at += count;
      }
    }
  }

  private synchronized void awaitPreload() throws IOException {
    while (preloading && broken == null) {
      pause();
    }
  }

  private synchronized int takeCredit(int wanted) throws IOException {
    while (true) {
      if (broken != null || closed) {
        throw new IOException(broken != null ? broken : "the input is closed");
      }
      if (credit > 0) {
        int count = Math.min(Math.min(wanted, credit), Limits.MAX_DATA);
        credit -= count;
        return count;
      }
      pause();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // its callers loop
  private void pause() throws IOException {
    try {
      wait();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while input was written");
    }
  }

  @Override
  public void close() throws IOException {
    awaitPreload();
    closeNow();
  }

  private void closeNow() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      if (broken != null) {
        return;
      }
    }
    try {
      channel.send(Frames.empty(Protocol.EOF, sub, stream));
    } catch (WorkbenchException _) {
      // The channel is gone, and with it the reader.
    }
  }
}
