package dev.holdfast.server.api;

import dev.holdfast.server.workbench.LiveWorkbench;
import dev.holdfast.workbench.Connection;
import dev.holdfast.workbench.WorkbenchException;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection to a program in a workbench, for one client. Bytes go both ways, those from
 * inside behind a byte 1, and either side can say that no more comes from it.
 */
final class ForwardStream extends ClientStream {
  private static final int FROM_INSIDE = 1;

  private final LiveWorkbench workbench;
  private final int port;
  private @Nullable Connection connection;
  private boolean gone;

  private ForwardStream(LiveWorkbench workbench, int port, StreamSession session) {
    super(session);
    this.workbench = workbench;
    this.port = port;
  }

  static void serve(WsConfig socket, Function<WsContext, LiveWorkbench> workbench) {
    serve(
        socket,
        (context, session) ->
            new ForwardStream(workbench.apply(context), port(context.queryParam("port")), session));
  }

  private static int port(@Nullable String written) {
    if (written == null || !written.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("port `%s` is not allowed: 1 to 65535".formatted(written));
    }
    return Integer.parseInt(written);
  }

  /** What a client says beside its bytes. */
  record Control(boolean endOfInput) {}

  @Override
  void begin() {
    Thread.startVirtualThread(this::carry);
  }

  @Override
  void take(byte[] json) {
    if (ApiJson.read(json, Control.class).endOfInput()) {
      input.end();
    }
  }

  private void carry() {
    try (var made = workbench.workbench().connect(port)) {
      if (!keep(made)) {
        return;
      }
      session.send(Map.of("connected", true));
      var inwards = Thread.startVirtualThread(() -> carryIn(made));
      carryOut(made);
      session.send(Map.of("end_of_output", true));
      inwards.join();
      session.close();
    } catch (WorkbenchException | IllegalArgumentException e) {
      session.refuse(ApiError.of(e));
    } catch (IOException broken) {
      session.close(); // the client went, or the workbench
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      input.end();
    }
  }

  private synchronized boolean keep(Connection made) {
    connection = made;
    return !gone;
  }

  private void carryIn(Connection made) {
    try {
      input.carryTo(made.output());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void carryOut(Connection made) throws IOException {
    var bytes = new byte[32 << 10];
    var from = made.input();
    for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
      session.send(FROM_INSIDE, bytes, count);
    }
  }

  @Override
  synchronized void onClose() {
    gone = true;
    input.end();
    if (connection != null) {
      connection.close();
    }
  }
}
