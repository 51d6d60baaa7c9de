package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.budget.Amounts;
import dev.holdfast.run.BlobStore;
import dev.holdfast.run.EventLog.Verification;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import dev.holdfast.testkit.BlobStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TieredBlobsTest extends BlobStoreContract {
  @TempDir Path dir;
  private final java.util.List<SqliteEventLog> logs = new java.util.ArrayList<>();

  @Override
  protected BlobStore open() {
    return openLog().blobs();
  }

  @AfterEach
  void close() {
    logs.forEach(SqliteEventLog::close);
  }

  @Test
  void makesAPayloadDurableWithTheEventThatNamesIt() {
    var log = openLog();
    var run = RunId.random();
    var id = log.blobs().put(new byte[] {1, 2, 3});
    log.append(run, new RunEvent.Answered(1, "m", id, Amounts.NONE));
    var other = openLog();
    assertThat(other.blobs().get(id)).containsExactly(1, 2, 3);
    assertThat(other.verify(run)).isInstanceOf(Verification.Intact.class);
  }

  @Test
  void keepsPayloadsThatNoEventNamesWhenTheLogIsClosed() {
    var log = openLog();
    var id = log.blobs().put(new byte[] {4, 5});
    log.close();
    assertThat(open().get(id)).containsExactly(4, 5);
  }

  @Test
  void boundsWhatWaitsInMemory() {
    var log = openLog();
    byte[] bytes = new byte[60_000];
    var first = log.blobs().put(bytes);
    for (int i = 1; i < 200; i++) {
      bytes[i] = 1;
      log.blobs().put(bytes);
    }
    assertThat(open().get(first)).as("flushed without any event").hasSize(60_000);
  }

  private SqliteEventLog openLog() {
    var log = new SqliteEventLog(dir);
    logs.add(log);
    return log;
  }
}
