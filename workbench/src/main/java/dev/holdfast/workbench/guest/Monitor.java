package dev.holdfast.workbench.guest;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at the clock for one channel: wall times, silence, writes that the guest does not take. It
 * never writes itself, so it cannot be blocked. Without open streams it sleeps until the next one.
 */
final class Monitor {
  private static final long LONGEST_SLEEP = TimeUnit.SECONDS.toNanos(1);

  private final GuestChannel channel;
  private final Thread thread;
  private volatile boolean idle;
  private volatile long wakesAt = System.nanoTime();
  private long pingedAt;

  Monitor(GuestChannel channel, String name) {
    this.channel = channel;
    this.thread = Thread.ofVirtual().name("guest-monitor-" + name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void wake() {
    LockSupport.unpark(thread);
  }

  /**
   * Something began that has to be looked at by {@code deadline}; cheap when it is looked at
   * anyway.
   */
  void watch(long deadline) {
    if (idle || deadline - wakesAt < 0) {
      wake();
    }
  }

  private void run() {
    while (channel.end() == null) {
      idle = true;
      if (channel.isHeld() || (channel.streams().isEmpty() && channel.writingSince() == 0)) {
        LockSupport.park(this);
      }
      idle = false;
      if (channel.isHeld()) {
        continue;
      }
      long now = System.nanoTime();
      wakesAt = now + LONGEST_SLEEP;
      long next = check(now);
      wakesAt = next;
      long pause = next - System.nanoTime();
      if (pause > 0) {
        LockSupport.parkNanos(this, pause);
      }
    }
  }

  private long check(long now) {
    long next = now + LONGEST_SLEEP;
    for (FrameStream stream : channel.streams().values()) {
      long wanted = stream.onTick(now);
      next = wanted - next < 0 ? wanted : next;
    }
    checkWrite(now);
    if (!channel.streams().isEmpty()) {
      checkSilence(now);
    }
    return next;
  }

  private void checkWrite(long now) {
    long since = channel.writingSince();
    if (since != 0 && now - since > Limits.STALLED_WRITE.toNanos()) {
      channel.fail(
          ChannelEnd.Cause.SILENT,
          "the guest did not read for %d s".formatted(Limits.STALLED_WRITE.toSeconds()));
    }
  }

  /** Silence counts from a ping on: a guest of which nothing was expected may have been quiet. */
  private void checkSilence(long now) {
    long lastRead = channel.lastRead();
    if (now - lastRead < Limits.QUIET.toNanos()) {
      pingedAt = 0;
    } else if (pingedAt == 0) {
      pingedAt = now | 1;
      channel.pings().ask();
    } else if (now - pingedAt > Limits.SILENCE.toNanos() && pingedAt - lastRead > 0) {
      channel.fail(
          ChannelEnd.Cause.SILENT,
          "the guest did not answer for %d s".formatted(Limits.SILENCE.toSeconds()));
    }
  }
}
