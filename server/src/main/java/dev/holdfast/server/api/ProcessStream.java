package dev.holdfast.server.api;

import dev.holdfast.server.workbench.BackgroundProcess;
import dev.holdfast.server.workbench.EndText;
import dev.holdfast.server.workbench.OutputRing.Position;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;

/**
 * A client that looks at a background process: what is kept of its output, then what follows. When
 * the client goes, the process goes on. Clients that are too slow miss output, and are told how
 * much. What they send is as in {@link ExecStream}, but for the request, which is not there.
 */
final class ProcessStream extends ClientStream {
  private final BackgroundProcess process;
  private final boolean follows;
  private final Thread reader;
  private final Thread writer;

  private ProcessStream(BackgroundProcess process, boolean follows, StreamSession session) {
    super(session);
    this.process = process;
    this.follows = follows;
    this.reader = Thread.ofVirtual().name("process-stream").unstarted(this::carryOut);
    this.writer = Thread.ofVirtual().name("process-input").unstarted(this::carryIn);
  }

  static void serve(WsConfig socket, Function<WsContext, BackgroundProcess> process) {
    serve(
        socket,
        (context, session) -> {
          boolean follows = "true".equals(context.queryParam("follow"));
          return new ProcessStream(process.apply(context), follows, session);
        });
  }

  @Override
  void begin() {
    reader.start();
    writer.start();
  }

  @Override
  void take(byte[] json) {
    ApiJson.read(json, ExecControl.class).apply(process.execution(), input);
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

  @Override
  void onClose() {
    reader.interrupt();
    writer.interrupt(); // it may wait for a program that does not read
  }
}
