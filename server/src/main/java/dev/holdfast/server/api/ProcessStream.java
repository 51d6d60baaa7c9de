package dev.holdfast.server.api;

import dev.holdfast.server.workbench.BackgroundProcess;
import dev.holdfast.server.workbench.EndText;
import dev.holdfast.server.workbench.OutputRing.Position;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A client that looks at a background process: what is kept of its output, then what follows. When
 * the client goes, the process goes on. Clients that are too slow miss output, and are told how
 * much. What they send is as in {@link ExecStream}, but for the request, which is not there.
 */
final class ProcessStream {
  private static final String STREAM = "stream";

  private final BackgroundProcess process;
  private final boolean follows;
  private final StreamSession session;
  private final StreamInput input;
  private final Thread reader;
  private final Thread writer;

  private ProcessStream(BackgroundProcess process, boolean follows, StreamSession session) {
    this.process = process;
    this.follows = follows;
    this.session = session;
    this.input = new StreamInput(session);
    this.reader = Thread.ofVirtual().name("process-stream").unstarted(this::carryOut);
    this.writer = Thread.ofVirtual().name("process-input").unstarted(this::carryIn);
  }

  static void serve(WsConfig socket, Function<WsContext, BackgroundProcess> process) {
    socket.onConnect(context -> connect(context, process));
    socket.onMessage(context -> of(context).ifPresent(it -> it.onText(context.message())));
    socket.onBinaryMessage(context -> of(context).ifPresent(it -> it.onBytes(context.data())));
    socket.onClose(context -> of(context).ifPresent(ProcessStream::onClose));
    socket.onError(context -> of(context).ifPresent(ProcessStream::onClose));
  }

  private static void connect(WsContext context, Function<WsContext, BackgroundProcess> process) {
    var session = new StreamSession(context.session);
    try {
      boolean follows = "true".equals(context.queryParam("follow"));
      var stream = new ProcessStream(process.apply(context), follows, session);
      context.attribute(STREAM, stream);
      stream.reader.start();
      stream.writer.start();
    } catch (RuntimeException e) {
      session.refuse(ApiError.of(e));
    }
  }

  /** Empty when the connection was refused. */
  private static Optional<ProcessStream> of(WsContext context) {
    return Optional.ofNullable(context.attribute(STREAM));
  }

  private void onText(String message) {
    try {
      ApiJson.read(message.getBytes(StandardCharsets.UTF_8), ExecControl.class)
          .apply(process.execution(), input);
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

  /** The process's input stays open when the client goes: somebody else may come. */
  private void carryIn() {
    try {
      input.passTo(process.execution().stdin());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void carryOut() {
    try {
      var at = Position.START;
      while (true) {
        var piece = process.output().read(at, follows);
        if (piece.missed() > 0) {
          session.send(Map.of("missed", piece.missed()));
        }
        if (piece.bytes().length == 0) {
          break;
        }
        session.send(piece.stream(), piece.bytes(), piece.bytes().length);
        at = piece.next();
      }
      finish();
    } catch (IOException gone) {
      // The client went first.
    } catch (InterruptedException gone) {
      Thread.currentThread().interrupt();
    }
  }

  private void finish() throws IOException {
    var end = process.end();
    session.send(
        end.isPresent() ? Map.of("end", EndText.view(end.get())) : Map.of("running", true));
    session.close();
  }

  private void onClose() {
    reader.interrupt();
    writer.interrupt(); // it may wait for a program that does not read
  }
}
