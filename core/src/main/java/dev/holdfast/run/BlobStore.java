package dev.holdfast.run;

/** Payloads too large for the event log: prompts, answers, outputs, diffs. Thread-safe. */
public interface BlobStore {
  /** Stores bytes durably before it returns; storing the same bytes again costs a look-up. */
  BlobId put(byte[] bytes);

  /**
   * The bytes of a blob, checked against their name.
   *
   * @throws java.util.NoSuchElementException when it is not stored
   * @throws EventLogException when the stored bytes are not the named ones
   */
  byte[] get(BlobId id);
}
