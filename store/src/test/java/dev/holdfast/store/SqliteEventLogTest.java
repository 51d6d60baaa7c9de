package dev.holdfast.store;

import dev.holdfast.run.EventLog;
import dev.holdfast.testkit.EventLogContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteEventLogTest extends EventLogContract {
  @TempDir Path dir;

  @Override
  protected EventLog open() {
    return new SqliteEventLog(dir);
  }
}
