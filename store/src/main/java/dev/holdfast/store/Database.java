package dev.holdfast.store;

import dev.holdfast.run.EventLogException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.sqlite.JDBC;

/** The database file: how connections to it are made, and its schema. */
final class Database {
  /** The newest schema; {@code V<n>.sql} leads from version n-1 to n. */
  static final int VERSION = 2;

  private static final int BUSY_MILLIS = 20_000;

  private final Path file;

  /** Opens or makes the database, bringing its schema up to date. */
  Database(Path stateDir) {
    this.file = stateDir.resolve("holdfast.db");
    try {
      makePrivate(stateDir);
      try (var connection = connect()) {
        migrate(connection);
      }
    } catch (SQLException | IOException e) {
      throw new EventLogException("store `%s` cannot be opened: %s".formatted(file, cause(e)), e);
    }
  }

  /** A connection with which a commit is durable when it returns. */
  Connection connect() throws SQLException {
    var properties = new Properties();
    // Otherwise the driver prepares and runs one more query after every insert.
    properties.setProperty("jdbc.get_generated_keys", "false");
    var connection = JDBC.createConnection("jdbc:sqlite:" + file, properties);
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = " + BUSY_MILLIS);
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  static String cause(Exception e) {
    var message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** The log holds prompts and outputs: only its owner may read it. */
  private static void makePrivate(Path stateDir) throws IOException {
    if (!Files.isDirectory(stateDir)) {
      var owner = PosixFilePermissions.fromString("rwx------");
      Files.createDirectories(stateDir, PosixFilePermissions.asFileAttribute(owner));
    }
  }

  private void migrate(Connection connection) throws SQLException {
    if (version(connection) == VERSION) {
      return;
    }
    try (var statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      // Read again: another process may have migrated while this one waited for the lock.
      for (int next = known(version(connection)) + 1; next <= VERSION; next++) {
        statement.executeUpdate(script(next));
        statement.execute("PRAGMA user_version = " + next);
      }
      statement.execute("COMMIT");
    }
  }

  private int known(int version) {
    if (version > VERSION) {
      throw new EventLogException(
          "store `%s` has schema version `%d`: this version knows up to `%d`; use a newer one"
              .formatted(file, version, VERSION));
    }
    return version;
  }

  private static int version(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("PRAGMA user_version")) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  private static String script(int version) {
    try (InputStream resource = Database.class.getResourceAsStream("V" + version + ".sql")) {
      if (resource == null) {
        throw new IllegalStateException("migration `%d` is missing".formatted(version));
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
