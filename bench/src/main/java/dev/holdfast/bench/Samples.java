package dev.holdfast.bench;

import java.util.Arrays;

/** Durations that were measured, in nanoseconds. */
final class Samples {
  private long[] nanos = new long[256];
  private int size;

  void add(long duration) {
    if (size == nanos.length) {
      nanos = Arrays.copyOf(nanos, size * 2);
    }
    nanos[size++] = duration;
  }

  int size() {
    return size;
  }

  /**
   * The smallest duration that {@code percent} of all are not above (nearest rank).
   *
   * @param percent above 0, up to 100
   */
  double percentile(double percent) {
    if (size == 0) {
      throw new IllegalStateException("nothing was measured");
    }
    long[] sorted = Arrays.copyOf(nanos, size);
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(percent / 100 * size);
    return sorted[Math.max(0, rank - 1)];
  }
}
