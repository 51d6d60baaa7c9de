package dev.holdfast.workbench.wasm;

import dev.holdfast.workbench.FunctionCall.Chance;
import dev.holdfast.workbench.FunctionCall.Clock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/** What one program learns of time and chance. */
final class Senses {
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * 1 January 2000: early enough to be seen as no real time, late enough for programs to accept.
   */
  private static final long FIXED_START = 946_684_800L * 1_000_000_000L;

  /** How far a fixed clock steps each time it is looked at. */
  private static final long FIXED_STEP = 1_000;

  /** Some 70 years, which no sum of these can pass beyond the end of a number. */
  private static final long FIXED_MOST = 1L << 61;

  private static final int REALTIME = 0;
  private static final int MONOTONIC = 1;

  private final Clock clock;
  private final Chance chance;
  private final SplittableRandom seeded;
  private final long started = System.nanoTime();
  private long passed;

  /**
   * @param seed of {@link Chance#SEEDED}
   */
  Senses(Clock clock, Chance chance, long seed) {
    this.clock = clock;
    this.chance = chance;
    this.seeded = new SplittableRandom(seed);
  }

  /** The time of a WASI clock in nanoseconds. */
  long now(int id) {
    if (clock == Clock.NONE) {
      throw new WasiError(Errno.NOTSUP);
    }
    requireClock(id);
    if (clock == Clock.FIXED) {
      passed = Math.min(FIXED_MOST, passed + FIXED_STEP);
      return id == REALTIME ? FIXED_START + passed : passed;
    }
    if (id == MONOTONIC) {
      return System.nanoTime() - started;
    }
    var instant = Instant.now();
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  /** The resolution of a WASI clock in nanoseconds. */
  long resolution(int id) {
    if (clock == Clock.NONE) {
      throw new WasiError(Errno.NOTSUP);
    }
    requireClock(id);
    return FIXED_STEP;
  }

  private static void requireClock(int id) {
    if (id != REALTIME && id != MONOTONIC) {
      throw new WasiError(Errno.INVAL);
    }
  }

  /**
   * Lets time pass. A fixed clock is put forward at once.
   *
   * @throws InterruptedException when the program is stopped meanwhile
   */
  void sleep(long nanos) throws InterruptedException {
    switch (clock) {
      case NONE -> throw new WasiError(Errno.NOTSUP);
      case FIXED -> passed = Math.min(FIXED_MOST, passed + Math.clamp(nanos, 0, FIXED_MOST));
      case REAL -> Thread.sleep(Duration.ofNanos(Math.max(0, nanos)));
    }
  }

  void fill(byte[] bytes) {
    switch (chance) {
      case NONE -> throw new WasiError(Errno.NOTSUP);
      case SEEDED -> seeded.nextBytes(bytes);
      case REAL -> RANDOM.nextBytes(bytes);
    }
  }
}
