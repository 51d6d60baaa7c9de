package dev.holdfast.runs;

import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.Ledger;
import dev.holdfast.budget.Meter;
import java.time.Duration;

/** Books the time that passes on a run's budget while it is open. */
final class WallClock implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(500);

  private final Thread ticker;

  WallClock(Ledger ledger) {
    this.ticker = Thread.ofVirtual().name("wall-clock").start(() -> tick(ledger));
  }

  private static void tick(Ledger ledger) {
    var nothing = new Ledger.Hold(Amounts.NONE);
    try {
      while (true) {
        Thread.sleep(TICK);
        ledger.settle(nothing, Amounts.of(Meter.WALL_MILLIS, TICK.toMillis()));
      }
    } catch (InterruptedException stopped) {
      // closed
    }
  }

  @Override
  public void close() {
    ticker.interrupt();
  }
}
