package dev.holdfast.store;

import dev.holdfast.run.EventLogException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Connections for reading; each query sees everything that was durable when it began. */
final class Reader implements AutoCloseable {
  private static final int IDLE = 4;

  private final Database database;
  private final ArrayBlockingQueue<Connection> idle = new ArrayBlockingQueue<>(IDLE);
  private volatile boolean closed;

  /** Something to ask the database. */
  interface Query<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException;
  }

  Reader(Database database) {
    this.database = database;
  }

  /**
   * Runs a query.
   *
   * @throws EventLogException when the store cannot be read
   */
  <T extends @Nullable Object> T query(Query<T> query) {
    if (closed) {
      throw new EventLogException("the event log is closed");
    }
    try {
      var pooled = idle.poll();
      var connection = pooled != null ? pooled : open();
      boolean reusable = false;
      try {
        T answer = query.run(connection);
        reusable = true;
        return answer;
      } finally {
        release(connection, reusable);
      }
    } catch (SQLException e) {
      throw new EventLogException(
          "the event log cannot be read: %s".formatted(Database.cause(e)), e);
    }
  }

  private Connection open() throws SQLException {
    var connection = database.connect();
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA query_only = 1");
    }
    return connection;
  }

  private void release(Connection connection, boolean reusable) throws SQLException {
    if (closed || !reusable || !idle.offer(connection)) {
      connection.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    for (var connection = idle.poll(); connection != null; connection = idle.poll()) {
      try {
        connection.close();
      } catch (SQLException _) {
        // It was only read from; the process's end releases it.
      }
    }
  }
}
