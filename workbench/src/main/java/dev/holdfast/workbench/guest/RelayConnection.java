package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** One connection from inside, carried to a Unix socket of the host by two virtual threads. */
final class RelayConnection implements FrameStream {
  private final GuestChannel channel;
  private final int id;
  private final Runnable onForgotten;
  private final Output fromInside;
  private final Input toInside;
  private boolean closing;

  RelayConnection(GuestChannel channel, int id, Runnable onForgotten) {
    this.channel = channel;
    this.id = id;
    this.onForgotten = onForgotten;
    this.fromInside = new Output(channel, Protocol.STDOUT);
    this.toInside = new Input(channel, Protocol.STDIN, Limits.INPUT_WINDOW);
    fromInside.bind(id);
    toInside.bind(id);
  }

  void connect(UnixDomainSocketAddress target) {
    Thread.startVirtualThread(() -> carry(target));
  }

  private void carry(UnixDomainSocketAddress target) {
    try (var socket = SocketChannel.open(target)) {
      Thread outwards = Thread.startVirtualThread(() -> carryOutwards(socket));
      carryInwards(socket);
      outwards.join();
    } catch (IOException _) {
      // The service at the target is not there, or broke off: the client sees its connection end.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      abort();
    }
  }

  private void carryOutwards(SocketChannel socket) {
    try {
      copy(fromInside, Channels.newOutputStream(socket));
      socket.shutdownOutput();
    } catch (IOException | WorkbenchException _) {
      abort();
    }
  }

  private void carryInwards(SocketChannel socket) {
    try {
      copy(Channels.newInputStream(socket), toInside);
      toInside.close();
    } catch (IOException | WorkbenchException _) {
      abort();
    }
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    var bytes = new byte[Limits.MAX_DATA];
    for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
      to.write(bytes, 0, count);
    }
  }

  /** Asks the guest to end it; the guest's own CLOSE then ends it here. */
  private void abort() {
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
    }
    fromInside.breakOff("the connection was closed");
    toInside.breakOff("the connection was closed");
    channel.sendLater(Frames.empty(Protocol.CLOSE, 0, id));
  }

  @Override
  public void onFrame(int type, int sub, ByteBuffer payload) throws ProtocolViolation {
    switch (type) {
      case Protocol.DATA -> fromInside.receive(payload, isClosing() ? 0 : payload.remaining());
      case Protocol.EOF -> onEof(sub);
      case Protocol.CREDIT -> {
        Frames.requireLength(payload, 4);
        toInside.give(payload.getInt());
      }
      case Protocol.CLOSE -> onClose();
      default -> throw new ProtocolViolation("frame type `%#x` for a connection".formatted(type));
    }
  }

  private synchronized boolean isClosing() {
    return closing;
  }

  private void onEof(int sub) {
    if (sub == Protocol.STDIN) {
      toInside.breakOff("the client does not read any more");
    } else {
      fromInside.end();
    }
  }

  private void onClose() {
    synchronized (this) {
      closing = true;
    }
    fromInside.end();
    toInside.breakOff("the client is gone");
    channel.forget(id);
    onForgotten.run();
  }

  @Override
  public void onEnd(ChannelEnd reason) {
    fromInside.breakOff(reason.detail());
    toInside.breakOff(reason.detail());
  }
}
