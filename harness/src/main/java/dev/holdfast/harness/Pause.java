package dev.holdfast.harness;

import java.time.Duration;

/** How the loop waits. */
@FunctionalInterface
public interface Pause {
  Pause REAL = Thread::sleep;

  void sleep(Duration time) throws InterruptedException;
}
