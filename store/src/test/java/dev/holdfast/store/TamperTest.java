package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.budget.Amounts;
import dev.holdfast.run.EventLog.Verification;
import dev.holdfast.run.EventLogException;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import dev.holdfast.testkit.SampleEvents;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Places 1 to 6 of the store: the run has 1, 2, 3, 5 and 6 (its seq 4 and 5); another has 4. */
class TamperTest {
  @TempDir Path dir;
  private final RunId run = new RunId("r-mine");
  private final RunId other = new RunId("r-other");
  private SqliteEventLog log;

  @BeforeEach
  void record() {
    log = new SqliteEventLog(dir);
    var payload = log.blobs().put(new byte[] {1, 2, 3});
    log.append(run, SampleEvents.opened("x"));
    log.append(run, new RunEvent.Answered(1, "m", payload, Amounts.NONE));
    log.append(run, SampleEvents.note("three"));
    log.append(other, SampleEvents.opened("y"));
    log.append(run, SampleEvents.note("four"));
    log.append(run, SampleEvents.note("five"));
    assertThat(log.verify(run)).isInstanceOf(Verification.Intact.class);
    assertThat(log.verifyStore()).isInstanceOf(Verification.Intact.class);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE event SET at = at + 1 WHERE id = 2",
        "DELETE FROM event WHERE id = 6",
        "INSERT OR REPLACE INTO event SELECT id, run, seq, previous, at, x'7b7d', hash, store_hash"
            + " FROM event WHERE id = 6",
        "UPDATE run SET id = 'r-x' WHERE no = 1",
        "DELETE FROM run",
        "UPDATE blob SET bytes = x'00'",
        "DELETE FROM blob"
      })
  void sqlCannotChangeOrRemoveWhatWasRecorded(String sql) {
    assertThatThrownBy(() -> sql(sql))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("append-only");
    assertThat(log.verifyStore()).isInstanceOf(Verification.Intact.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | UPDATE event SET at = at + 1 WHERE id = 2",
        "3 | UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'three', 'thrEe') AS BLOB) WHERE id = 3",
        "3 | UPDATE event SET hash = zeroblob(32) WHERE id = 3",
        "2 | DELETE FROM event WHERE id = 2",
        "3 | UPDATE event SET previous = 1 WHERE id = 3",
        "5 | UPDATE span SET last = 3 WHERE run = 1",
        "5 | UPDATE span SET first = 2 WHERE run = 1",
        "1 | DELETE FROM event WHERE id = 1",
        "3 | UPDATE event SET seq = CASE id WHEN 3 THEN 14 ELSE 13 END WHERE id IN (3, 5);"
            + " UPDATE event SET seq = seq - 10 WHERE seq > 10",
        "2 | UPDATE blob SET bytes = x'00'",
        "2 | DELETE FROM blob"
      })
  void verifyNamesTheFirstEventThatDoesNotHold(long seq, String sql) throws SQLException {
    tamper(sql);
    assertThat(log.verify(run))
        .isInstanceOfSatisfying(
            Verification.Broken.class, broken -> assertThat(broken.seq()).isEqualTo(seq));
    assertThat(log.verifyStore()).isInstanceOf(Verification.Broken.class);
  }

  @Test
  void verifyFindsARunsNewestEventsRemovedWhenAnyLaterEventOfAnotherRunIsThere()
      throws SQLException {
    log.append(other, SampleEvents.note("later"));
    tamper("DELETE FROM event WHERE id IN (5, 6); UPDATE span SET last = 3 WHERE run = 1");
    assertThat(log.verify(run))
        .isInstanceOfSatisfying(
            Verification.Broken.class,
            broken -> {
              assertThat(broken.seq()).isEqualTo(4);
              assertThat(broken.what()).contains("`5`").contains("removed");
            });
  }

  @Test
  void theNewestEventsOfTheWholeStoreAreMissedOnlyAgainstAKeptHead() throws SQLException {
    var kept = log.verifyStore();
    tamper("DELETE FROM event WHERE id = 6; UPDATE span SET last = 5 WHERE run = 1");
    assertThat(log.verifyStore()).isInstanceOf(Verification.Intact.class).isNotEqualTo(kept);
  }

  @Test
  void aRunWithAnEventMissingIsNotReadAsIfItWereWhole() throws SQLException {
    tamper("DELETE FROM event WHERE id = 3");
    assertThatThrownBy(() -> log.read(run, 0))
        .isInstanceOf(EventLogException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void nothingIsAddedToARunWhoseNewestEventIsMissing() throws SQLException {
    tamper("DELETE FROM event WHERE id = 6");
    assertThatThrownBy(() -> log.append(run, SampleEvents.note("six")))
        .isInstanceOf(EventLogException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void verifyStoreFindsARunThatWasRemovedWithAllItsEvents() throws SQLException {
    tamper(
        "DELETE FROM event WHERE run = 2; DELETE FROM span WHERE run = 2; DELETE FROM run WHERE no = 2");
    assertThat(log.verifyStore()).isInstanceOf(Verification.Broken.class);
  }

  /** As one who may write the file does: the triggers are removed first. */
  private void tamper(String sql) throws SQLException {
    sql(
        "DROP TRIGGER event_update; DROP TRIGGER event_delete; DROP TRIGGER run_delete;"
            + " DROP TRIGGER blob_update; DROP TRIGGER blob_delete; "
            + sql);
  }

  private void sql(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("holdfast.db"));
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      statement.executeUpdate(sql);
    }
  }
}
