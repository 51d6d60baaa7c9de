package dev.holdfast.server.api;

import dev.holdfast.server.workbench.EndText;
import dev.holdfast.server.workbench.LiveWorkbench;
import dev.holdfast.workbench.Execution;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServletFactory;
import org.jspecify.annotations.Nullable;

/**
 * One program and its client, who started it and for whom it runs: when the client goes, the
 * program is killed. The first message is the {@link ExecRequest}; then bytes are input and text is
 * {@link ExecControl}. Back come bytes, the first of a message being 1 for stdout and 2 for stderr,
 * credit for input, and last the end.
 */
final class ExecStream extends ClientStream {
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int MOST_BINARY = 64 << 10;

  /** A command and its environment, which the guest limits to 192 KiB, with JSON's escapes. */
  private static final int MOST_TEXT = 1 << 20;

  private final LiveWorkbench workbench;
  private final OpenStreams streams;
  private @Nullable Execution execution;

  private ExecStream(LiveWorkbench workbench, OpenStreams streams, StreamSession session) {
    super(session);
    this.workbench = workbench;
    this.streams = streams;
  }

  /** The limits of every WebSocket. */
  static void limit(JettyWebSocketServletFactory factory) {
    factory.setMaxBinaryMessageSize(MOST_BINARY);
    factory.setMaxTextMessageSize(MOST_TEXT);
    factory.setMaxFrameSize(MOST_TEXT);
    factory.setIdleTimeout(Duration.ZERO); // programs may be silent; a dead client's socket is not
  }

  static void serve(
      WsConfig socket, OpenStreams streams, Function<WsContext, LiveWorkbench> workbench) {
    serve(socket, (context, session) -> new ExecStream(workbench.apply(context), streams, session));
  }

  /** The program begins with the first message. */
  @Override
  void begin() {}

  @Override
  synchronized void take(byte[] json) {
    if (execution == null) {
      start(ApiJson.read(json, ExecRequest.class));
    } else {
      ApiJson.read(json, ExecControl.class).apply(execution, input);
    }
  }

  private void start(ExecRequest request) {
    var running = workbench.workbench().start(request.in(workbench));
    execution = running;
    streams.begin();
    if (request.stdin() || request.terminal().isPresent()) {
      Thread.startVirtualThread(() -> carryIn(running));
    }
    var stdout = Thread.startVirtualThread(() -> carryOut(STDOUT, running.stdout(), running));
    var stderr = Thread.startVirtualThread(() -> carryOut(STDERR, running.stderr(), running));
    Thread.startVirtualThread(() -> finish(running, stdout, stderr));
  }

  private void carryIn(Execution running) {
    try {
      input.carryTo(running.stdin());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void carryOut(int stream, InputStream output, Execution running) {
    var bytes = new byte[32 << 10];
    try {
      for (int count = output.read(bytes); count >= 0; count = output.read(bytes)) {
        session.send(stream, bytes, count);
      }
    } catch (IOException e) {
      running.close(); // The workbench is gone, or the client.
    }
  }

  private void finish(Execution running, Thread stdout, Thread stderr) {
    try {
      var end = running.await();
      stdout.join();
      stderr.join();
      session.send(Map.of("end", EndText.view(end)));
      session.close();
    } catch (IOException gone) {
      // The client went first.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      input.end();
      streams.end();
    }
  }

  @Override
  void onClose() {
    Execution running;
    synchronized (this) {
      running = execution;
    }
    input.end();
    if (running != null) {
      Thread.startVirtualThread(running::close);
    }
  }
}
