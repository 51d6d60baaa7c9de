package dev.holdfast.run;

/** Payloads too large for the event log: prompts, answers, outputs, diffs. Thread-safe. */
public interface BlobStore {
  /**
   * Stores bytes; storing the same bytes again costs a look-up. They are durable when this returns,
   * or, in a store that belongs to an event log, no later than the next event appended to that log:
   * in any case before an event that names them.
   */
  BlobId put(byte[] bytes);

  /**
   * The bytes of a blob, checked against their name.
   *
   * @throws java.util.NoSuchElementException when it is not stored
   * @throws EventLogException when the stored bytes are not the named ones
   */
  byte[] get(BlobId id);
}
