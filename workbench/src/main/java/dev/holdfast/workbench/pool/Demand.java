package dev.holdfast.workbench.pool;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * How many workbenches of one kind were asked for lately, and so how many to hold ready: as many as
 * were ever asked for within {@link #BURST}, about the time in which a few are started anew. Not
 * thread-safe.
 */
final class Demand {
  private static final Duration BURST = Duration.ofSeconds(1);

  /** More than any limit allows to be held is not worth counting. */
  private static final int MOST = 1024;

  private final ArrayDeque<Long> asked = new ArrayDeque<>();
  private final long memoryNanos;
  private long lastNanos;

  Demand(Duration memory, long nowNanos) {
    this.memoryNanos = memory.toNanos();
    this.lastNanos = nowNanos;
  }

  /** One was asked for. */
  void note(long nowNanos) {
    lastNanos = nowNanos;
    asked.addLast(nowNanos);
    if (asked.size() > MOST) {
      asked.removeFirst();
    }
  }

  /** How many to hold ready; 0 when none was asked for within the memory. */
  int wanted(long nowNanos) {
    while (!asked.isEmpty() && nowNanos - asked.peekFirst() > memoryNanos) {
      asked.removeFirst();
    }
    if (nowNanos - lastNanos > memoryNanos) {
      return 0;
    }
    return Math.max(1, burst());
  }

  private int burst() {
    var window = new ArrayDeque<Long>();
    int most = 0;
    for (long at : asked) {
      window.addLast(at);
      while (at - window.peekFirst() > BURST.toNanos()) {
        window.removeFirst();
      }
      most = Math.max(most, window.size());
    }
    return most;
  }
}
