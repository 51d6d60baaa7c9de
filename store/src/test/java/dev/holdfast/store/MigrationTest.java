package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.run.EventLog.Verification;
import dev.holdfast.run.RunId;
import dev.holdfast.testkit.SampleEvents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that the first version wrote is taken over whole, and goes on. */
class MigrationTest {
  @TempDir Path dir;

  @Test
  void aStoreOfTheFirstSchemaIsTakenOver() throws Exception {
    writeFirstVersion();
    var one = new RunId("r-1");
    try (var log = new SqliteEventLog(dir)) {
      assertThat(log.verifyStore()).isInstanceOf(Verification.Intact.class);
      assertThat(log.read(one, 0)).hasSize(2);
      assertThat(log.runs()).hasSize(2);

      log.append(one, SampleEvents.note("after"));
      assertThat(log.read(one, 2)).hasSize(1);
      assertThat(log.verify(one)).isInstanceOf(Verification.Intact.class);
    }
  }

  /** Two runs: places 1 and 3, and place 2. */
  private void writeFirstVersion() throws SQLException, IOException {
    try (var db = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("holdfast.db"));
        var statement = db.createStatement();
        var script = SqliteEventLog.class.getResourceAsStream("V1.sql")) {
      statement.executeUpdate(new String(script.readAllBytes(), StandardCharsets.UTF_8));
      statement.execute("PRAGMA user_version = 1");
      statement.executeUpdate("INSERT INTO run VALUES (1, 'r-1'), (2, 'r-2')");
      var first = insert(db, List.of(1L, 1L, 1L), Chain.start(), Chain.start(), "x");
      var second = insert(db, List.of(2L, 2L, 1L), Chain.start(), first.get(1), "y");
      insert(db, List.of(3L, 1L, 2L), first.get(0), second.get(1), "z");
    }
  }

  /** Inserts an event at place, run and seq; answers its hash and the store's. */
  private static List<byte[]> insert(
      Connection db, List<Long> at, byte[] previous, byte[] previousInStore, String note)
      throws SQLException {
    long micros = Times.micros(Instant.now());
    var body =
        EventJson.encode(at.get(2) == 1 ? SampleEvents.opened(note) : SampleEvents.note(note));
    var hash = Chain.next(previous, new RunId("r-" + at.get(1)), at.get(2), micros, body);
    var inStore = Chain.nextInStore(previousInStore, hash);
    try (var insert = db.prepareStatement("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      for (int i = 0; i < 3; i++) {
        insert.setLong(1 + i, at.get(i));
      }
      insert.setLong(4, micros);
      insert.setBytes(5, body);
      insert.setBytes(6, hash);
      insert.setBytes(7, inStore);
      insert.executeUpdate();
    }
    return List.of(hash, inStore);
  }
}
