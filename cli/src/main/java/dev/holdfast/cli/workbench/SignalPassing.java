package dev.holdfast.cli.workbench;

import dev.holdfast.cli.server.WebSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Passes on that this process shall end: Ctrl-C and SIGTERM reach the program in the workbench as
 * SIGINT, and when that does not end it, as SIGTERM. This process then ends as the program did. A
 * program that stays even then is killed, because its client goes.
 */
final class SignalPassing implements AutoCloseable {
  private static final int SIGINT = 2;
  private static final int SIGTERM = 15;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final WebSocket socket;
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::pass, "signals");
  private volatile int code;

  private SignalPassing(WebSocket socket) {
    this.socket = socket;
  }

  /** Passes them on until it is closed. */
  static SignalPassing to(WebSocket socket) {
    var passing = new SignalPassing(socket);
    Runtime.getRuntime().addShutdownHook(passing.hook);
    return passing;
  }

  /** The program has ended: what this process exits with. */
  void ended(int with) {
    code = with;
    done.countDown();
  }

  /** On a thread of the JVM's end: {@code halt} is how that ends with a code of its own. */
  private void pass() {
    try {
      for (int signal : new int[] {SIGINT, SIGTERM}) {
        socket.send(Map.of("signal", signal));
        if (done.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          Runtime.getRuntime().halt(code);
        }
      }
    } catch (IOException gone) {
      // The server has ended: the process ends as it was told to.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException underWay) {
      // The process is ending already.
    }
  }
}
