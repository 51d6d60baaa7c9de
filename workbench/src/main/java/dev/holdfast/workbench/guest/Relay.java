package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.WorkbenchException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A loopback port inside whose connections arrive at a Unix socket of the host. */
final class Relay implements AutoCloseable {
  private final GuestChannel channel;
  private final Relays relays;
  private final UnixDomainSocketAddress target;
  private final Request request;
  private final int id;
  private boolean closed;

  Relay(GuestChannel channel, Relays relays, int port, Path target) {
    this.channel = channel;
    this.relays = relays;
    this.target = UnixDomainSocketAddress.of(target);
    this.request = new Request(channel);
    this.id = request.open();
    relays.add(id, this);
    listen(port);
  }

  private void listen(int port) {
    boolean listening = false;
    try {
      ByteBuffer frame =
          Frames.finish(Frames.begin(Protocol.LISTEN, 0, id, 2).putShort((short) port));
      FileFrames.content(request.exchange(frame), "127.0.0.1:" + port);
      listening = true;
    } catch (FileError e) {
      throw new WorkbenchException("the port cannot be listened on inside: " + e.getMessage(), e);
    } catch (ProtocolViolation e) {
      throw channel.violated(e);
    } finally {
      if (!listening) {
        relays.remove(id);
        request.close();
      }
    }
  }

  UnixDomainSocketAddress target() {
    return target;
  }

  /** Takes no more connections; those that are open go on. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    try {
      request.exchange(Frames.empty(Protocol.CLOSE, 0, id));
    } catch (WorkbenchException _) {
      // The workbench is gone, and the port with it.
    }
    relays.remove(id);
    request.close();
  }
}
