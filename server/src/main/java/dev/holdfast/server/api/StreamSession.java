package dev.holdfast.server.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** One end of a WebSocket, for plain blocking code: what is sent waits until the peer takes it. */
final class StreamSession {
  /** What a client breaks a rule of the protocol with: RFC 6455 calls it a policy violation. */
  private static final int REFUSED = 1008;

  private static final int NORMAL = 1000;

  private final Session session;

  StreamSession(Session session) {
    this.session = session;
  }

  /** Sends a message of text. */
  synchronized void send(Object message) throws IOException {
    var sent = new Callback.Completable();
    session.sendText(ApiJson.text(message), sent);
    await(sent);
  }

  /** Sends bytes of one of several streams: the first byte of a message says which. */
  synchronized void send(int stream, byte[] bytes, int length) throws IOException {
    var frame = ByteBuffer.allocate(1 + length).put((byte) stream).put(bytes, 0, length).flip();
    var sent = new Callback.Completable();
    session.sendBinary(frame, sent);
    await(sent);
  }

  private static void await(Callback.Completable sent) throws IOException {
    try {
      sent.get();
    } catch (ExecutionException e) {
      throw new IOException("the client is gone", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a client was written to", e);
    }
  }

  /** All is said. */
  void close() {
    session.close(NORMAL, "", Callback.NOOP);
  }

  /** Ends it with an error; a closing frame has room for little, so the whole goes before. */
  void refuse(ApiError error) {
    try {
      send(error.body());
    } catch (IOException gone) {
      // Nobody is there to be told.
    }
    session.close(REFUSED, error.code(), Callback.NOOP);
  }
}
