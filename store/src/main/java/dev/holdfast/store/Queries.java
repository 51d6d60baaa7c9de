package dev.holdfast.store;

import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunId;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be asked of the log. */
final class Queries {
  private static final String EVENTS =
      "SELECT "
          + Row.COLUMNS
          + " FROM run JOIN event ON event.run = run.no WHERE run.id = ? AND event.seq >= ?"
          + " ORDER BY event.seq";
  private static final String RUNS =
      "SELECT "
          + Row.COLUMNS
          + ", run.id FROM run JOIN event ON event.run = run.no AND event.seq = 1"
          + " ORDER BY event.id DESC";

  private final Reader reader;

  Queries(Reader reader) {
    this.reader = reader;
  }

  List<RecordedEvent> events(RunId run, long after) {
    // The event before the first one wanted comes along for its hash.
    var rows = rows(run, after);
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
              var run = new RunId(row.getString(6));
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

  /** The rows of a run from {@code seq} on, in order. */
  List<Row> rows(RunId run, long seq) {
    return reader.query(
        connection -> {
          try (var statement = connection.prepareStatement(EVENTS)) {
            statement.setString(1, run.value());
            statement.setLong(2, seq);
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
