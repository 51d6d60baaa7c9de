package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.Connection;
import dev.holdfast.workbench.WorkbenchException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection that the guest is asked for. Its stream is a {@link GuestConnection} from the answer
 * on.
 */
final class Connecting implements FrameStream {
  private static final String REFUSED = "Connection refused";

  private final GuestChannel channel;
  private final int port;
  private final int id;
  private @Nullable GuestConnection connection;
  private @Nullable String failure;
  private boolean givenUp;

  /** Asks for it. */
  Connecting(GuestChannel channel, int port) {
    this.channel = channel;
    this.port = port;
    this.id = channel.open(this);
    channel.send(Frames.finish(Frames.begin(Protocol.CONNECT, 0, id, 2).putShort((short) port)));
  }

  /**
   * Waits for the answer.
   *
   * @throws WorkbenchException when nobody listens, or nobody answers in time
   */
  synchronized Connection await() {
    long deadline = System.nanoTime() + Limits.CONNECTING.toNanos();
    try {
      for (long left = Limits.CONNECTING.toNanos();
          connection == null && failure == null && left > 0;
          left = deadline - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (connection != null) {
      return connection;
    }
    if (failure == null) {
      givenUp = true;
      channel.sendLater(Frames.empty(Protocol.CLOSE, 0, id));
    }
    throw new WorkbenchException(
        failure == null ? "port `%d` inside does not answer".formatted(port) : failure);
  }

  @Override
  public synchronized void onFrame(int type, int sub, ByteBuffer payload) throws ProtocolViolation {
    if (type != Protocol.REPLY || payload.remaining() < 4) {
      throw new ProtocolViolation("frame type `%#x` where an answer belongs".formatted(type));
    }
    if (payload.getInt() == 0) {
      Frames.requireLength(payload, 0);
      onConnected();
    } else {
      onRefused(Frames.takeString(payload));
    }
    notifyAll();
  }

  private void onConnected() {
    var made = new GuestConnection(channel, id, () -> {});
    channel.streams().put(id, made);
    if (givenUp) {
      made.beginClosing(); // the guest was asked to end it, and will
    } else {
      connection = made;
    }
  }

  private void onRefused(String why) {
    failure =
        why.equals(REFUSED)
            ? "nobody listens on port `%d` inside".formatted(port)
            : "port `%d` inside cannot be reached: %s".formatted(port, why);
    channel.forget(id);
  }

  @Override
  public synchronized void onEnd(ChannelEnd reason) {
    failure = "the workbench is gone: " + reason.detail();
    notifyAll();
  }
}
