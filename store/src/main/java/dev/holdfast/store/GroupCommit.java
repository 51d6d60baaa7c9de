package dev.holdfast.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets appends of many threads share one commit, without a thread of its own: a caller that finds
 * nobody committing commits everything that waits, its own append too; the others wait for it. So a
 * lone append costs no hand-over between threads, and a crowd one commit for all.
 */
final class GroupCommit {
  /** Bounds how long one commit keeps the others waiting. */
  private static final int MAX_BATCH = 1024;

  private final Writer writer;
  private final ConcurrentLinkedQueue<Append> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean led = new AtomicBoolean();

  GroupCommit(Writer writer) {
    this.writer = writer;
  }

  /**
   * Returns once the append is done. Not interruptible: the caller must learn whether its events
   * are durable; an interrupt is kept for it.
   */
  void submit(Append append) {
    boolean interrupted = false;
    waiting.add(append);
    while (!append.isDone()) {
      if (led.compareAndSet(false, true)) {
        lead();
      } else {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void lead() {
    try {
      var batch = takeBatch();
      if (!batch.isEmpty()) {
        writer.commit(batch);
      }
    } finally {
      led.set(false);
      // Who queued while this thread led has gone to sleep: the first of them leads next. One that
      // queues after this look finds `led` unset by itself.
      var next = waiting.peek();
      if (next != null) {
        next.wake();
      }
    }
  }

  private List<Append> takeBatch() {
    var batch = new ArrayList<Append>();
    while (batch.size() < MAX_BATCH) {
      var append = waiting.poll();
      if (append == null) {
        return batch;
      }
      batch.add(append);
    }
    return batch;
  }
}
