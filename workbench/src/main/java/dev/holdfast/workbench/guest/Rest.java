package dev.holdfast.workbench.guest;

import java.util.concurrent.TimeUnit;

/**
 * A channel at rest: the guest has said that it says nothing more until the next frame, and whoever
 * wants to send waits. So nothing is on its way, in whole or in part, and the workbench can be held
 * still or saved. It begins under the channel's lock for writing.
 */
final class Rest {
  private final GuestChannel channel;
  private boolean held;
  private boolean asked;
  private boolean over;
  private long since;

  Rest(GuestChannel channel) {
    this.channel = channel;
  }

  synchronized boolean isHeld() {
    return held;
  }

  synchronized void begin() {
    held = true;
    asked = true;
    since = System.nanoTime();
  }

  /** Ends the channel when the guest does not fall silent in time. */
  void awaitSilence() {
    if (!silentInTime()) {
      channel.fail(
          ChannelEnd.Cause.SILENT,
          "the guest did not come to rest within %d s".formatted(Limits.SUSPENSION.toSeconds()));
    }
  }

  private synchronized boolean silentInTime() {
    long deadline = System.nanoTime() + Limits.SUSPENSION.toNanos();
    boolean interrupted = false;
    while (asked && !over) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        break;
      }
      try {
        wait(left);
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !asked || over;
  }

  synchronized void onSilence() throws ProtocolViolation {
    if (!asked) {
      throw new ProtocolViolation("a silence that nobody asked for");
    }
    asked = false;
    notifyAll();
  }

  /** Waits, also through an interrupt, while the channel is at rest. */
  synchronized void awaitEnd() {
    boolean interrupted = false;
    while (held && !over) {
      try {
        wait();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** How long it has lasted. */
  synchronized long nanos() {
    return System.nanoTime() - since;
  }

  synchronized void end() {
    held = false;
    notifyAll();
  }

  synchronized void onChannelEnd() {
    over = true;
    notifyAll();
  }
}
