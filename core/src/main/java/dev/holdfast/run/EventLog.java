package dev.holdfast.run;

import java.util.List;
import java.util.Optional;

/**
 * The append-only log of every run. Thread-safe, and safe across processes that share the store.
 */
public interface EventLog extends AutoCloseable {
  /**
   * Appends events, all or none, and returns once they are durable. Appends of many threads share
   * one disk write.
   *
   * @return the events in their places, in the order given
   * @throws EventLogException when they are not durable; the caller must then do nothing
   */
  List<RecordedEvent> append(RunId run, List<RunEvent> events);

  /** Appends one event; see {@link #append(RunId, List)}. */
  default RecordedEvent append(RunId run, RunEvent event) {
    return append(run, List.of(event)).getFirst();
  }

  /** The events of a run with a number above {@code after}, in order; empty for an unknown run. */
  List<RecordedEvent> read(RunId run, long after);

  /** Every run, newest first, with its first event. */
  List<RecordedEvent> runs();

  /** The run whose id starts with {@code prefix}, when there is exactly one. */
  Optional<RunId> find(String prefix);

  /**
   * Checks the chain of a run: numbers, hashes, and that every named blob is there and unchanged.
   */
  Verification verify(RunId run);

  /** What a check of the chain found. */
  sealed interface Verification {
    /** Everything holds; {@code head} is the hash of the last event. */
    record Intact(long events, String head) implements Verification {}

    /** The first thing that does not hold. */
    record Broken(long seq, String what) implements Verification {}
  }

  @Override
  void close();
}
