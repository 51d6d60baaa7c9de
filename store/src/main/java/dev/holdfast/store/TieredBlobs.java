package dev.holdfast.store;

import dev.holdfast.run.BlobId;
import dev.holdfast.run.BlobStore;
import dev.holdfast.run.RunId;
import java.util.List;

/** Small payloads in the database, committed with the next event; large ones elsewhere. */
final class TieredBlobs implements BlobStore {
  /**
   * Above this, writing twice (to the write-ahead log, then the database) costs more than a file.
   */
  static final int SMALL = 64 << 10;

  /** Bounds what waits in memory for an event that never comes. */
  private static final long MAX_WAITING_BYTES = 8L << 20;

  private static final RunId NO_RUN = new RunId("r-none");

  private final SmallBlobs small;
  private final BlobStore large;
  private final GroupCommit commits;
  private final Reader reader;

  TieredBlobs(SmallBlobs small, BlobStore large, GroupCommit commits, Reader reader) {
    this.small = small;
    this.large = large;
    this.commits = commits;
    this.reader = reader;
  }

  @Override
  public BlobId put(byte[] bytes) {
    if (bytes.length > SMALL) {
      return large.put(bytes);
    }
    var id = FileBlobStore.name(bytes);
    if (!small.isStored(id) && small.add(id, bytes) > MAX_WAITING_BYTES) {
      flush();
    }
    return id;
  }

  /** Makes durable what waits. */
  void flush() {
    if (small.isEmpty()) {
      return;
    }
    var nothing = new Append(NO_RUN, List.of());
    commits.submit(nothing);
    var _ = nothing.result();
  }

  @Override
  public byte[] get(BlobId id) {
    var waiting = small.waiting(id);
    if (waiting != null) {
      return waiting;
    }
    var stored = reader.query(connection -> SmallBlobs.select(connection, id));
    if (stored == null) {
      return large.get(id);
    }
    FileBlobStore.check(id, stored);
    return stored;
  }
}
