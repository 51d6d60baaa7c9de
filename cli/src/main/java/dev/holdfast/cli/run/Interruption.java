package dev.holdfast.cli.run;

import dev.holdfast.cli.command.Terminal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Heeds Ctrl-C and SIGTERM while a run goes on: the run is stopped, what it held is given back, and
 * then the process ends. What takes too long is left as after a crash, from which a run is resumed
 * too.
 */
final class Interruption implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration GLANCE = Duration.ofMillis(200);

  private final Thread worker = Thread.currentThread();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Terminal terminal;
  private final Thread hook = new Thread(this::end, "interruption");
  private volatile BooleanSupplier stop = () -> false;

  private Interruption(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Heeds them until it is closed, which is when everything is given back. */
  static Interruption heed(Terminal terminal) {
    var interruption = new Interruption(terminal);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /**
   * Says how to stop.
   *
   * @param action stops what goes on; false when nothing did
   */
  void stopsWith(BooleanSupplier action) {
    stop = action;
  }

  /** On a thread of the JVM, which ends when this returns. */
  private void end() {
    terminal.note("holdfast: stopping; `holdfast run --resume` goes on with the run");
    if (!stop.getAsBoolean()) {
      worker.interrupt(); // it prepares something, or waits for a person
    }
    try {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!done.await(GLANCE.toMillis(), TimeUnit.MILLISECONDS)) {
        if (System.nanoTime() > deadline) {
          terminal.note("holdfast: what is still there is removed by the next command");
          return;
        }
        // Where the interrupt came too early to be heeded, there is something to stop by now.
        var _ = stop.getAsBoolean();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException underWay) {
      // The process is ending already.
    }
  }
}
