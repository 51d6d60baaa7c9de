package dev.holdfast.store;

import dev.holdfast.run.EventLogException;
import dev.holdfast.run.RunId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last links of the chains, remembered between commits of one connection. SQLite's {@code
 * data_version} tells, inside the write transaction, whether another connection or process has
 * written since; then nothing that is remembered counts. Used by one thread at a time.
 */
final class Heads implements AutoCloseable {
  private static final int REMEMBERED = 8192;

  /**
   * The last event of a run; {@code place} and {@code seq} 0 and a hash of zeros before the first.
   */
  record Head(long runNo, long place, long seq, byte[] hash) {}

  /** The last event of the store. */
  record StoreHead(long id, byte[] hash) {}

  private final PreparedStatement dataVersion;
  private final PreparedStatement storeHead;
  private final PreparedStatement runHead;
  private final PreparedStatement insertRun;
  private final Map<RunId, Head> heads =
      new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RunId, Head> eldest) {
          return size() > REMEMBERED;
        }
      };
  private StoreHead store = new StoreHead(0, Chain.start());
  private long seenVersion = -1;

  Heads(Connection connection) throws SQLException {
    dataVersion = connection.prepareStatement("PRAGMA data_version");
    storeHead =
        connection.prepareStatement("SELECT id, store_hash FROM event ORDER BY id DESC LIMIT 1");
    runHead =
        connection.prepareStatement(
            """
            SELECT run.no, span.last, event.seq, event.hash
            FROM run LEFT JOIN span ON span.run = run.no LEFT JOIN event ON event.id = span.last
            WHERE run.id = ?""");
    insertRun = connection.prepareStatement("INSERT INTO run (id) VALUES (?) RETURNING no");
  }

  /** Called first in every write transaction. */
  void refresh() throws SQLException {
    long version;
    try (var row = dataVersion.executeQuery()) {
      version = row.next() ? row.getLong(1) : -1;
    }
    if (version == seenVersion && version != -1) {
      return;
    }
    heads.clear();
    try (var row = storeHead.executeQuery()) {
      store =
          row.next()
              ? new StoreHead(row.getLong(1), row.getBytes(2))
              : new StoreHead(0, Chain.start());
    }
    seenVersion = version;
  }

  StoreHead ofStore() {
    return store;
  }

  Head of(RunId run) throws SQLException {
    var known = heads.get(run);
    return known != null ? known : load(run);
  }

  void set(RunId run, Head head, StoreHead storeHead) {
    heads.put(run, head);
    store = storeHead;
  }

  private Head load(RunId run) throws SQLException {
    runHead.setString(1, run.value());
    try (var row = runHead.executeQuery()) {
      if (row.next()) {
        return head(run, row);
      }
    }
    insertRun.setString(1, run.value());
    try (var row = insertRun.executeQuery()) {
      row.next();
      return new Head(row.getLong(1), 0, 0, Chain.start());
    }
  }

  private static Head head(RunId run, ResultSet row) throws SQLException {
    long place = row.getLong(2);
    var hash = row.getBytes(4);
    if (hash == null && place != 0) {
      throw new EventLogException(
          "the newest event of run `%s` is missing: nothing is added to a damaged log"
              .formatted(run));
    }
    return new Head(row.getLong(1), place, row.getLong(3), hash == null ? Chain.start() : hash);
  }

  @Override
  public void close() throws SQLException {
    dataVersion.close();
    storeHead.close();
    runHead.close();
    insertRun.close();
  }
}
