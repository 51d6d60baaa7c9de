package dev.holdfast.tool.gate;

import java.util.HashSet;
import java.util.Set;

/**
 * The threads that wait for a model or a person. Only they are interrupted when the run is stopped:
 * elsewhere an interrupt could close a file that is being written.
 */
final class Waits {
  private final Set<Thread> threads = new HashSet<>();
  private boolean over;

  synchronized void enter() {
    threads.add(Thread.currentThread());
    if (over) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes back the interrupt that was not noticed. */
  synchronized void leave() {
    threads.remove(Thread.currentThread());
    if (over) {
      var _ = Thread.interrupted();
    }
  }

  synchronized void end() {
    over = true;
    threads.forEach(Thread::interrupt);
  }
}
