package dev.holdfast.store;

import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunId;
import java.sql.ResultSet;
import java.sql.SQLException;

/** An event as it is stored. */
record Row(long place, long seq, long previous, long atMicros, byte[] body, byte[] hash) {
  /** The columns that {@link #of} reads, in order. */
  static final String COLUMNS =
      "event.id, event.seq, event.previous, event.at, event.body, event.hash";

  static Row of(ResultSet row) throws SQLException {
    return new Row(
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getBytes(5),
        row.getBytes(6));
  }

  RecordedEvent recorded(RunId run, String previousHash) {
    return new RecordedEvent(
        run, seq, Times.instant(atMicros), EventJson.decode(body), previousHash, Chain.hex(hash));
  }
}
