package dev.holdfast.bench;

/** Something that is measured: ours, or a peer. */
interface Contender {
  /** Does it once; answers how long that took, in nanoseconds, without what prepares or clears. */
  long once() throws Exception;

  /** Something to be timed. */
  interface Action {
    void run() throws Exception;
  }

  /** A contender all of whose action counts. */
  static Contender timing(Action action) {
    return () -> {
      long start = System.nanoTime();
      action.run();
      return System.nanoTime() - start;
    };
  }
}
