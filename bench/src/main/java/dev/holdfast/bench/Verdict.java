package dev.holdfast.bench;

/**
 * What a measurement says about a promise.
 *
 * @param ratio ours to what the promise names; above 0
 * @param met whether the promise is kept, in this run
 */
record Verdict(double ratio, String promise, boolean met) {
  /** A promise to take at most {@code most} times as long as a peer, by the medians. */
  static Verdict atMost(double most, double ratio, String promise) {
    return new Verdict(ratio, promise, ratio <= most);
  }
}
