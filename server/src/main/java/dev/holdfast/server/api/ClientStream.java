package dev.holdfast.server.api;

import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A client's WebSocket to a program: bytes are its input, text says what else there is to say. What
 * breaks a rule ends the connection with an error.
 */
abstract class ClientStream {
  private static final String STREAM = "stream";

  final StreamSession session;
  final StreamInput input;

  ClientStream(StreamSession session) {
    this.session = session;
    this.input = new StreamInput(session);
  }

  /**
   * Serves every connection by a stream of its own.
   *
   * @param opens makes it; what it throws is told to the client
   */
  static void serve(
      WsConfig socket, BiFunction<WsContext, StreamSession, ? extends ClientStream> opens) {
    socket.onConnect(context -> connect(context, opens));
    socket.onMessage(context -> of(context).ifPresent(it -> it.onText(context.message())));
    socket.onBinaryMessage(context -> of(context).ifPresent(it -> it.onBytes(context.data())));
    socket.onClose(context -> of(context).ifPresent(ClientStream::onClose));
    socket.onError(context -> of(context).ifPresent(ClientStream::onClose));
  }

  private static void connect(
      WsContext context, BiFunction<WsContext, StreamSession, ? extends ClientStream> opens) {
    var session = new StreamSession(context.session);
    try {
      var stream = opens.apply(context, session);
      context.attribute(STREAM, stream);
      stream.begin();
    } catch (RuntimeException e) {
      session.refuse(ApiError.of(e));
    }
  }

  /** Empty when the connection was refused. */
  private static Optional<ClientStream> of(WsContext context) {
    return Optional.ofNullable(context.attribute(STREAM));
  }

  private void onText(String message) {
    try {
      take(message.getBytes(StandardCharsets.UTF_8));
    } catch (RuntimeException e) {
      session.refuse(ApiError.of(e));
    }
  }

  private void onBytes(ByteBuffer bytes) {
    try {
      input.add(bytes);
    } catch (IllegalArgumentException e) {
      session.refuse(ApiError.of(e));
    }
  }

  /** The client is connected. */
  abstract void begin();

  /** Takes a message of text. */
  abstract void take(byte[] json);

  /** The client is gone. */
  abstract void onClose();
}
