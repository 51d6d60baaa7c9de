package dev.holdfast.workbench.wasm;

import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ResourceUse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A program on a platform thread of its own, which an interrupt ends: compiled code looks for one
 * at every call and every turn of a loop. Its stack is its call depth. Thread-safe.
 */
final class Running {
  private static final long STACK_BYTES = 4L << 20;

  /** How long a program may take to notice that it is being stopped. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** What runs on the thread: it returns how it ended, and throws nothing. */
  interface Body {
    Result run();
  }

  /** How it ended, and what it used. */
  record Result(End end, Duration cpu, long memoryBytes) {}

  private final Duration limit;
  private final Thread thread;
  private final long started = System.nanoTime();
  private volatile boolean left;
  private @Nullable Result result;
  private @Nullable End forced;
  private Duration wall = Duration.ZERO;

  private Running(Body body, Duration limit) {
    this.limit = limit;
    this.thread =
        Thread.ofPlatform()
            .name("holdfast-wasm")
            .daemon(true)
            .stackSize(STACK_BYTES)
            .unstarted(() -> run(body));
  }

  /**
   * Starts a program.
   *
   * @param over called once when it has ended, or was given up
   */
  static Running start(Body body, Duration limit, Consumer<Running> over) {
    var running = new Running(body, limit);
    running.thread.start();
    Thread.ofVirtual()
        .name("holdfast-wasm-watch")
        .start(
            () -> {
              running.watch();
              over.accept(running);
            });
    return running;
  }

  /** One that never began. */
  static Running refused(String why, Runnable over) {
    var end = new Result(new End.NotStarted(why), Duration.ZERO, 0);
    return start(() -> end, GRACE, _ -> over.run());
  }

  /** Whether its program really does nothing more, whatever was said of its end. */
  boolean stopped() {
    return left;
  }

  /** Ends it, unless it has ended. */
  synchronized void stop(End why) {
    if (result == null && forced == null) {
      forced = why;
      thread.interrupt();
      notifyAll();
    }
  }

  /** Waits for the end, which comes when the limit is over at the latest. */
  synchronized End await() {
    boolean interrupted = false;
    while (result == null) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
        stop(new End.WorkbenchLost("the caller was interrupted"));
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return result.end();
  }

  synchronized boolean ended() {
    return result != null;
  }

  synchronized ResourceUse use() {
    return result == null
        ? ResourceUse.NONE
        : new ResourceUse(wall, result.cpu(), Duration.ZERO, result.memoryBytes());
  }

  private void run(Body body) {
    var found = body.run();
    left = true;
    finish(found);
  }

  private synchronized void finish(Result found) {
    if (result != null) {
      return;
    }
    var why = forced;
    wall = Duration.ofNanos(System.nanoTime() - started);
    result =
        why == null || found.end() instanceof End.Exited
            ? found
            : new Result(why, found.cpu(), found.memoryBytes());
    notifyAll();
  }

  private void watch() {
    waitUntil(limit, false);
    stop(new End.TimedOut(limit));
    waitUntil(GRACE, true);
    // Not stopped: whoever waits is told all the same, and the thread is reported by `over`.
    finish(new Result(new End.TimedOut(limit), Duration.ZERO, 0));
  }

  /** Waits until it has ended or, unless {@code stopping}, has been told to. */
  private synchronized void waitUntil(Duration most, boolean stopping) {
    long deadline = System.nanoTime() + most.toNanos();
    while (result == null && (stopping || forced == null)) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
      } catch (InterruptedException e) {
        return; // nobody interrupts this thread; stopping early is the safe side
      }
    }
  }
}
