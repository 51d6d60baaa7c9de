package dev.holdfast.store;

import dev.holdfast.run.BlobStore;
import dev.holdfast.run.EventLog.Verification;
import dev.holdfast.run.RunId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;

/** Checks what is stored against its hashes. */
final class Audit {
  private final Reader reader;
  private final Queries queries;
  private final BlobStore blobs;

  Audit(Reader reader, Queries queries, BlobStore blobs) {
    this.reader = reader;
    this.queries = queries;
    this.blobs = blobs;
  }

  Verification run(RunId run) {
    var verifier = new Verifier(run, blobs);
    for (var row : queries.rows(run)) {
      var broken = verifier.check(row);
      if (broken.isPresent()) {
        return broken.get();
      }
    }
    var intact = verifier.intact();
    if (intact.events() == 0) {
      return new Verification.Broken(1, "run `%s` has no events".formatted(run));
    }
    if (!reader.query(connection -> spanIsRight(connection, verifier))) {
      return new Verification.Broken(intact.events(), spanIsWrong(run));
    }
    long missing = reader.query(connection -> firstGapAfter(connection, verifier.last()));
    return missing == 0
        ? intact
        : new Verification.Broken(
            intact.events() + 1,
            "event `%d` of the store is missing: later events of this run may have been removed"
                .formatted(missing));
  }

  Verification store() {
    return reader.query(
        connection -> {
          var sql =
              "SELECT "
                  + Row.COLUMNS
                  + ", event.store_hash, coalesce(run.id, '')"
                  + " FROM event LEFT JOIN run ON run.no = event.run ORDER BY event.id";
          try (var statement = connection.prepareStatement(sql);
              var rows = statement.executeQuery()) {
            var whole = new WholeStore();
            while (rows.next()) {
              var broken = whole.check(Row.of(rows), rows.getBytes(7), rows.getString(8));
              if (!broken.isEmpty()) {
                return new Verification.Broken(whole.place, broken);
              }
            }
            for (var verifier : whole.runs.values()) {
              if (!spanIsRight(connection, verifier)) {
                return new Verification.Broken(whole.place, spanIsWrong(verifier.run()));
              }
            }
            return new Verification.Intact(whole.place, Chain.hex(whole.hash));
          }
        });
  }

  /** Whether reading the run's events would start and end where they do. */
  private static boolean spanIsRight(Connection connection, Verifier run) throws SQLException {
    var sql =
        "SELECT 1 FROM run JOIN span ON span.run = run.no"
            + " WHERE run.id = ? AND span.first = ? AND span.last = ?";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, run.run().value());
      statement.setLong(2, run.first());
      statement.setLong(3, run.last());
      try (var row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private static String spanIsWrong(RunId run) {
    return "run `%s` does not begin or end where its span says".formatted(run);
  }

  /** The chain over all runs. */
  private final class WholeStore {
    private final HashMap<String, Verifier> runs = new HashMap<>();
    private long place;
    private byte[] hash = Chain.start();

    /** What is wrong with the next row of the store, or nothing. */
    String check(Row row, byte[] storeHash, String run) {
      place++;
      if (row.place() != place) {
        return "event `%d` of the store is missing: the next is `%d`".formatted(place, row.place());
      }
      if (run.isEmpty()) {
        return "event `%d` of the store belongs to no run".formatted(place);
      }
      var verifier = runs.computeIfAbsent(run, id -> new Verifier(new RunId(id), blobs));
      var broken = verifier.check(row);
      if (broken.isPresent()) {
        return "run `%s`: %s".formatted(run, broken.get().what());
      }
      hash = Chain.nextInStore(hash, row.hash());
      return Arrays.equals(hash, storeHash)
          ? ""
          : "event `%d` of the store is not where it was recorded".formatted(place);
    }
  }

  /** The first missing place after {@code last}, or 0: places have no gaps. */
  private static long firstGapAfter(Connection connection, long last) throws SQLException {
    try (var statement = connection.createStatement()) {
      try (var row =
          statement.executeQuery(
              "SELECT (SELECT count(*) FROM event), (SELECT max(id) FROM event)")) {
        if (row.next() && row.getLong(1) == row.getLong(2)) {
          return 0;
        }
      }
      var gap =
          """
          SELECT one.id + 1 FROM event one
          WHERE one.id >= %d AND one.id < (SELECT max(id) FROM event)
            AND NOT EXISTS (SELECT 1 FROM event two WHERE two.id = one.id + 1)
          ORDER BY one.id LIMIT 1"""
              .formatted(last);
      try (var row = statement.executeQuery(gap)) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }
}
