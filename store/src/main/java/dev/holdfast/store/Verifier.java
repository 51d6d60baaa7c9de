package dev.holdfast.store;

import dev.holdfast.run.BlobId;
import dev.holdfast.run.BlobStore;
import dev.holdfast.run.EventLog.Verification;
import dev.holdfast.run.EventLogException;
import dev.holdfast.run.RunId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/** Follows one run's chain over the stored rows and payloads. */
final class Verifier {
  private final RunId run;
  private final BlobStore blobs;
  private final Set<BlobId> checked = new HashSet<>();
  private long seq;
  private long first;
  private long place;
  private byte[] hash = Chain.start();

  Verifier(RunId run, BlobStore blobs) {
    this.run = run;
    this.blobs = blobs;
  }

  /** Takes the next row; answers what is wrong with it. */
  Optional<Verification.Broken> check(Row row) {
    if (row.seq() != seq + 1) {
      var what = "event `%d` is missing: `%d` follows `%d`".formatted(seq + 1, row.seq(), seq);
      return Optional.of(new Verification.Broken(seq + 1, what));
    }
    if (row.previous() != place) {
      var what = "event `%d` does not follow the event before it in the store".formatted(row.seq());
      return Optional.of(new Verification.Broken(row.seq(), what));
    }
    seq = row.seq();
    place = row.place();
    first = seq == 1 ? place : first;
    byte[] expected = Chain.next(hash, run, seq, row.atMicros(), row.body());
    if (!Arrays.equals(expected, row.hash())) {
      var what =
          "event `%d` was changed: its hash is `%s`, stored `%s`"
              .formatted(seq, Chain.hex(expected), Chain.hex(row.hash()));
      return Optional.of(new Verification.Broken(seq, what));
    }
    hash = expected;
    return payloads(row);
  }

  RunId run() {
    return run;
  }

  /** The place in the store of the run's first event. */
  long first() {
    return first;
  }

  /** The place in the store of the run's newest event so far. */
  long last() {
    return place;
  }

  Verification.Intact intact() {
    return new Verification.Intact(seq, Chain.hex(hash));
  }

  private Optional<Verification.Broken> payloads(Row row) {
    try {
      for (var id : Payloads.of(EventJson.decode(row.body()))) {
        if (checked.add(id)) {
          var _ = blobs.get(id);
        }
      }
      return Optional.empty();
    } catch (NoSuchElementException | EventLogException e) {
      return Optional.of(new Verification.Broken(seq, String.valueOf(e.getMessage())));
    }
  }
}
