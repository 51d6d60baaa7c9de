package dev.holdfast.store;

import dev.holdfast.run.BlobStore;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The event log in one SQLite database, {@code holdfast.db} in the state directory, which any
 * number of processes may use at once.
 */
public final class SqliteEventLog implements EventLog {
  private final Writer writer;
  private final GroupCommit commits;
  private final Reader reader;
  private final TieredBlobs blobs;
  private final Queries queries;
  private final Audit audit;

  /** Opens the log of a state directory, with {@code blobs/} in it for large payloads. */
  public SqliteEventLog(Path stateDir) {
    this(stateDir, new FileBlobStore(stateDir.resolve("blobs")));
  }

  /**
   * Opens the log of a state directory, making it when missing.
   *
   * @param largeBlobs where payloads are that {@link #blobs()} does not keep in the database
   * @throws dev.holdfast.run.EventLogException when it cannot be opened
   */
  public SqliteEventLog(Path stateDir, BlobStore largeBlobs) {
    var database = new Database(stateDir);
    var small = new SmallBlobs();
    this.writer = new Writer(database, small);
    this.commits = new GroupCommit(writer);
    this.reader = new Reader(database);
    this.blobs = new TieredBlobs(small, largeBlobs, commits, reader);
    this.queries = new Queries(reader);
    this.audit = new Audit(reader, queries, blobs);
  }

  /**
   * The payloads that this log's events name. A small one becomes durable with the next append to
   * this log, before the event is visible to anybody; a large one when it is put.
   */
  public BlobStore blobs() {
    return blobs;
  }

  @Override
  public List<RecordedEvent> append(RunId run, List<RunEvent> events) {
    var append = new Append(run, events);
    commits.submit(append);
    return append.result();
  }

  @Override
  public List<RecordedEvent> read(RunId run, long after) {
    return queries.events(run, after);
  }

  @Override
  public List<RecordedEvent> runs() {
    return queries.runs();
  }

  @Override
  public Optional<RunId> find(String prefix) {
    return queries.find(prefix);
  }

  @Override
  public Verification verify(RunId run) {
    return audit.run(run);
  }

  /**
   * Checks every run, and the chain over all of them: no event of any run is missing, changed or
   * out of order, save for the newest of the whole store, whose removal only an earlier answer of
   * this method, kept elsewhere, can prove.
   *
   * @return with the hash over the whole store as {@code head}; {@code seq} of a broken one counts
   *     the events of the store
   */
  public Verification verifyStore() {
    return audit.store();
  }

  @Override
  public void close() {
    try {
      blobs.flush();
    } finally {
      writer.close();
      reader.close();
    }
  }
}
