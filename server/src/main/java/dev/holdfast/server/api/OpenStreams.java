package dev.holdfast.server.api;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How many streams have something to say still, for an end that lets them say it. */
final class OpenStreams {
  private int open;

  synchronized void begin() {
    open++;
  }

  synchronized void end() {
    open--;
    notifyAll();
  }

  /** Waits until none is open, but no longer than {@code patience}. */
  synchronized void awaitNone(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    for (long left = patience.toNanos();
        open > 0 && left > 0;
        left = deadline - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }
}
