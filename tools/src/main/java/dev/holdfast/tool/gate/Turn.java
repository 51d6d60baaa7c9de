package dev.holdfast.tool.gate;

import java.util.function.BooleanSupplier;

/**
 * Whose turn it is to act in a workspace. The agent's calls wait at the entrance while a person has
 * the turn; calls that are under way go on.
 */
final class Turn {
  private int persons;
  private int calls;
  private boolean stopped;

  /**
   * @throws RunStopped when the agent gets no turn any more
   */
  synchronized void agentEnters() {
    awaitThat(() -> persons == 0 || stopped);
    if (stopped) {
      throw new RunStopped();
    }
    calls++;
  }

  /** The agent gets no turn any more. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  synchronized boolean isStopped() {
    return stopped;
  }

  synchronized void agentLeaves() {
    calls--;
    notifyAll();
  }

  /** The person has the turn at once, beside calls that are under way. */
  synchronized void personEnters() {
    persons++;
  }

  /** The person has the turn once no call is under way. */
  synchronized void personEntersAlone() {
    persons++;
    try {
      awaitThat(() -> calls == 0);
    } catch (IllegalStateException interrupted) {
      personLeaves();
      throw interrupted;
    }
  }

  synchronized void personLeaves() {
    persons--;
    notifyAll();
  }

  private synchronized void awaitThat(BooleanSupplier holds) {
    try {
      while (!holds.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the turn", interrupted);
    }
  }
}
