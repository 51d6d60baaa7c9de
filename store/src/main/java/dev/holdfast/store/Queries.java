package dev.holdfast.store;

import dev.holdfast.run.EventLogException;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunId;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be asked of the log. */
final class Queries {
  /** From a run's newest event back, each naming the one before it. */
  private static final String EVENTS =
      """
      WITH RECURSIVE link (id, seq, previous) AS (
        SELECT event.id, event.seq, event.previous
        FROM run JOIN span ON span.run = run.no JOIN event ON event.id = span.last
        WHERE run.id = ?1 AND event.seq >= ?2
        UNION ALL
        SELECT event.id, event.seq, event.previous
        FROM link JOIN event ON event.id = link.previous
        WHERE link.seq > ?2)
      SELECT %s FROM link JOIN event ON event.id = link.id ORDER BY event.id"""
          .formatted(Row.COLUMNS);

  private static final String ALL =
      "SELECT "
          + Row.COLUMNS
          + " FROM run JOIN event ON event.run = run.no WHERE run.id = ? ORDER BY event.id";
  private static final String RUNS =
      "SELECT "
          + Row.COLUMNS
          + ", run.id FROM run JOIN span ON span.run = run.no JOIN event ON event.id = span.first"
          + " ORDER BY event.id DESC";

  private final Reader reader;

  Queries(Reader reader) {
    this.reader = reader;
  }

  List<RecordedEvent> events(RunId run, long after) {
    // The event before the first one wanted comes along for its hash.
    var rows = linked(run, after);
    requireWhole(run, after, rows);
    var events = new ArrayList<RecordedEvent>(rows.size());
    var previous = Chain.hex(Chain.start());
    for (var row : rows) {
      if (row.seq() > after) {
        events.add(row.recorded(run, previous));
      }
      previous = Chain.hex(row.hash());
    }
    return List.copyOf(events);
  }

  List<RecordedEvent> runs() {
    return reader.query(
        connection -> {
          var runs = new ArrayList<RecordedEvent>();
          try (var statement = connection.prepareStatement(RUNS);
              var row = statement.executeQuery()) {
            while (row.next()) {
              var run = new RunId(row.getString(7));
              runs.add(Row.of(row).recorded(run, Chain.hex(Chain.start())));
            }
          }
          return List.copyOf(runs);
        });
  }

  Optional<RunId> find(String prefix) {
    return reader.query(
        connection -> {
          // A range instead of LIKE: no character of the prefix has a meaning, and the index helps.
          var sql = "SELECT id FROM run WHERE id >= ? AND id < ? ORDER BY id LIMIT 2";
          try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, prefix);
            statement.setString(2, prefix + '\uffff');
            try (var row = statement.executeQuery()) {
              if (!row.next()) {
                return Optional.<RunId>empty();
              }
              var first = row.getString(1);
              boolean unique = first.equals(prefix) || !row.next();
              return unique ? Optional.of(new RunId(first)) : Optional.<RunId>empty();
            }
          }
        });
  }

  private List<Row> linked(RunId run, long seq) {
    return reader.query(
        connection -> {
          try (var statement = connection.prepareStatement(EVENTS)) {
            statement.setString(1, run.value());
            statement.setLong(2, Math.max(1, seq));
            return collect(statement);
          }
        });
  }

  /** Who goes by a run's events must not go by some of them. */
  private static void requireWhole(RunId run, long after, List<Row> rows) {
    long expected = Math.max(1, after);
    for (var row : rows) {
      if (row.seq() != expected) {
        throw new EventLogException(
            "event `%d` of run `%s` is missing: the log is damaged".formatted(expected, run));
      }
      expected++;
    }
  }

  /** Every row that says it is the run's, however it is linked; reads the whole store. */
  List<Row> rows(RunId run) {
    return reader.query(
        connection -> {
          try (var statement = connection.prepareStatement(ALL)) {
            statement.setString(1, run.value());
            return collect(statement);
          }
        });
  }

  private static List<Row> collect(PreparedStatement statement) throws SQLException {
    var rows = new ArrayList<Row>();
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        rows.add(Row.of(row));
      }
    }
    return rows;
  }
}
