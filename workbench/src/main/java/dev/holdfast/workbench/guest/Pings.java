package dev.holdfast.workbench.guest;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Asking the guest whether it is still there. */
final class Pings {
  private final GuestChannel channel;
  private long outstanding;
  private long answered;
  private boolean ended;

  Pings(GuestChannel channel) {
    this.channel = channel;
  }

  /** Pings without waiting for the answer. */
  void ask() {
    channel.sendLater(next());
  }

  /** Whether the guest answers within {@code limit}. */
  synchronized boolean await(Duration limit) {
    if (ended) {
      return false;
    }
    long deadline = System.nanoTime() + limit.toNanos();
    long before = answered;
    ask();
    try {
      while (answered == before && !ended) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        wait(left / 1_000_000, (int) (left % 1_000_000));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !ended;
  }

  private synchronized ByteBuffer next() {
    outstanding++;
    return Frames.finish(
        Frames.begin(Protocol.PING, 0, 0, 8).putLong(ThreadLocalRandom.current().nextLong()));
  }

  synchronized void onPong(long ignored) throws ProtocolViolation {
    if (outstanding == 0) {
      throw new ProtocolViolation("an answer `%#x` to no ping".formatted(ignored));
    }
    outstanding--;
    answered++;
    notifyAll();
  }

  synchronized void onEnd() {
    ended = true;
    notifyAll();
  }
}
