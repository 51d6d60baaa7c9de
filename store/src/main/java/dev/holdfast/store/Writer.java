package dev.holdfast.store;

import dev.holdfast.run.EventLogException;
import dev.holdfast.run.RecordedEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Writes batches of appends, each batch in one transaction with the small payloads it needs. */
final class Writer implements AutoCloseable {
  private final Database database;
  private final SmallBlobs blobs;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Session session;
  private boolean closed;

  Writer(Database database, SmallBlobs blobs) {
    this.database = database;
    this.blobs = blobs;
  }

  /** Commits the batch and tells each append what became of it. Never throws. */
  void commit(List<Append> batch) {
    lock.lock();
    try {
      var recorded = session().write(batch, blobs.pending());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).succeed(recorded.get(i));
      }
    } catch (SQLException | RuntimeException | Error e) {
      abandonSession();
      var failure = failure(e);
      batch.forEach(append -> append.fail(failure));
    } finally {
      lock.unlock();
    }
  }

  private static EventLogException failure(Throwable e) {
    return e instanceof EventLogException known
        ? known
        : new EventLogException(
            "the event is not durable and counts as not happened: %s".formatted(e.getMessage()), e);
  }

  private Session session() throws SQLException {
    if (closed) {
      throw new EventLogException("the event log is closed");
    }
    var open = session;
    if (open == null) {
      open = new Session(database.connect());
      session = open;
    }
    return open;
  }

  /** After a failure nothing that was remembered is trusted: the next commit starts afresh. */
  private void abandonSession() {
    var failed = session;
    session = null;
    if (failed != null) {
      try {
        failed.close();
      } catch (SQLException _) {
        // Closing rolls back; where even that fails, SQLite rolls back when the file is opened.
      }
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      abandonSession();
    } finally {
      lock.unlock();
    }
  }

  /** One connection and its prepared statements. */
  private static final class Session implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement insertEvent;
    private final PreparedStatement insertSpan;
    private final PreparedStatement updateSpan;
    private final PreparedStatement insertBlob;
    private final Heads heads;

    Session(Connection connection) throws SQLException {
      this.connection = connection;
      begin = connection.prepareStatement("BEGIN IMMEDIATE");
      commit = connection.prepareStatement("COMMIT");
      insertEvent =
          connection.prepareStatement("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
      insertSpan = connection.prepareStatement("INSERT INTO span VALUES (?, ?, ?)");
      updateSpan = connection.prepareStatement("UPDATE span SET last = ? WHERE run = ?");
      insertBlob = connection.prepareStatement(SmallBlobs.INSERT);
      heads = new Heads(connection);
    }

    List<List<RecordedEvent>> write(List<Append> batch, List<SmallBlobs.Pending> payloads)
        throws SQLException {
      begin.execute();
      heads.refresh();
      for (var payload : payloads) {
        payload.insert(insertBlob);
      }
      var at = Instant.now().truncatedTo(ChronoUnit.MICROS);
      var recorded = new ArrayList<List<RecordedEvent>>(batch.size());
      for (var append : batch) {
        recorded.add(write(append, at));
      }
      commit.execute();
      payloads.forEach(SmallBlobs.Pending::stored);
      return recorded;
    }

    private List<RecordedEvent> write(Append append, Instant at) throws SQLException {
      if (append.events().isEmpty()) {
        return List.of();
      }
      var recorded = new ArrayList<RecordedEvent>(append.events().size());
      var before = heads.of(append.run());
      for (int i = 0; i < append.events().size(); i++) {
        recorded.add(write(append, i, at));
      }
      writeSpan(before, heads.of(append.run()));
      return recorded;
    }

    private void writeSpan(Heads.Head before, Heads.Head now) throws SQLException {
      if (before.place() == 0) {
        insertSpan.setLong(1, now.runNo());
        insertSpan.setLong(2, heads.ofStore().id() - now.seq() + 1);
        insertSpan.setLong(3, now.place());
        insertSpan.executeUpdate();
      } else {
        updateSpan.setLong(1, now.place());
        updateSpan.setLong(2, now.runNo());
        updateSpan.executeUpdate();
      }
    }

    private RecordedEvent write(Append append, int index, Instant at) throws SQLException {
      var run = append.run();
      var body = append.body(index);
      var last = heads.of(run);
      long seq = last.seq() + 1;
      long micros = Times.micros(at);
      var hash = Chain.next(last.hash(), run, seq, micros, body);
      var inStore =
          new Heads.StoreHead(
              heads.ofStore().id() + 1, Chain.nextInStore(heads.ofStore().hash(), hash));
      insertEvent.setLong(1, inStore.id());
      insertEvent.setLong(2, last.runNo());
      insertEvent.setLong(3, seq);
      insertEvent.setLong(4, last.place());
      insertEvent.setLong(5, micros);
      insertEvent.setBytes(6, body);
      insertEvent.setBytes(7, hash);
      insertEvent.setBytes(8, inStore.hash());
      insertEvent.executeUpdate();
      heads.set(run, new Heads.Head(last.runNo(), inStore.id(), seq, hash), inStore);
      var event = append.events().get(index);
      return new RecordedEvent(run, seq, at, event, Chain.hex(last.hash()), Chain.hex(hash));
    }

    @Override
    public void close() throws SQLException {
      // Closes its statements and rolls back what is open.
      connection.close();
    }
  }
}
