package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.Connection;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A TCP connection inside and the stream that carries it, both ways with credit. */
final class GuestConnection implements FrameStream, Connection {
  private final GuestChannel channel;
  private final int id;
  private final Runnable onForgotten;
  private final Output fromInside;
  private final Input toInside;
  private boolean closing;

  /**
   * @param onForgotten called when the guest has ended it; not when the channel ends
   */
  GuestConnection(GuestChannel channel, int id, Runnable onForgotten) {
    this.channel = channel;
    this.id = id;
    this.onForgotten = onForgotten;
    this.fromInside = new Output(channel, Protocol.STDOUT);
    this.toInside = new Input(channel, Protocol.STDIN, Limits.INPUT_WINDOW);
    fromInside.bind(id);
    toInside.bind(id);
  }

  @Override
  public InputStream input() {
    return fromInside;
  }

  @Override
  public OutputStream output() {
    return toInside;
  }

  /** Asks the guest to end it; the guest's own CLOSE then ends it here. */
  @Override
  public void close() {
    if (beginClosing()) {
      channel.sendLater(Frames.empty(Protocol.CLOSE, 0, id));
    }
  }

  /** Nothing is taken from it any more; false when that was so already. */
  boolean beginClosing() {
    synchronized (this) {
      if (closing) {
        return false;
      }
      closing = true;
    }
    fromInside.breakOff("the connection was closed");
    toInside.breakOff("the connection was closed");
    return true;
  }

  @Override
  public void onFrame(int type, int sub, ByteBuffer payload) throws ProtocolViolation {
    switch (type) {
      case Protocol.DATA -> onData(payload);
      case Protocol.EOF -> onEof(sub);
      case Protocol.CREDIT -> {
        Frames.requireLength(payload, 4);
        toInside.give(payload.getInt());
      }
      case Protocol.CLOSE -> onClose();
      default -> throw new ProtocolViolation("frame type `%#x` for a connection".formatted(type));
    }
  }

  /** What was under way when it was closed here is dropped. */
  private void onData(ByteBuffer payload) throws ProtocolViolation {
    if (isClosing()) {
      fromInside.drop(payload);
    } else {
      fromInside.receive(payload, payload.remaining());
    }
  }

  private synchronized boolean isClosing() {
    return closing;
  }

  private void onEof(int sub) {
    if (sub == Protocol.STDIN) {
      toInside.breakOff("the other side does not read any more");
    } else {
      fromInside.end();
    }
  }

  private void onClose() {
    synchronized (this) {
      closing = true;
    }
    fromInside.end();
    toInside.breakOff("the other side is gone");
    channel.forget(id);
    onForgotten.run();
  }

  @Override
  public void onEnd(ChannelEnd reason) {
    fromInside.breakOff(reason.detail());
    toInside.breakOff(reason.detail());
  }
}
