package dev.holdfast.workbench.pool;

import java.time.Duration;

/**
 * How much a pool may hold ready.
 *
 * @param perKind the most of one kind
 * @param total the most of all kinds together
 * @param memory how far back demand is looked at, and how long after the last use of a kind its
 *     last standby ends
 * @param leastFreeBytes the host's available memory below which nothing is held ready
 */
public record PoolLimits(int perKind, int total, Duration memory, long leastFreeBytes) {
  /** For a process that lives long and serves many runs. */
  public static final PoolLimits SERVING = new PoolLimits(16, 64, Duration.ofMinutes(2), 1L << 30);

  /** For a process that makes one run: only what is expected is started ahead. */
  public static final PoolLimits ONE_RUN = new PoolLimits(1, 1, Duration.ofMinutes(2), 1L << 30);

  public PoolLimits {
    if (perKind < 1 || total < perKind || memory.isNegative() || memory.isZero()) {
      throw new IllegalArgumentException(
          "a pool of `%d` a kind and `%d` in all is not allowed: 1 ≤ a kind ≤ in all, and a memory"
                  .formatted(perKind, total)
              + " above 0");
    }
  }
}
