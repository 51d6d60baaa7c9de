package dev.holdfast.server.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.workbench.OutputRing.Piece;
import dev.holdfast.server.workbench.OutputRing.Position;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OutputRingTest {
  private final OutputRing ring = new OutputRing();

  @Test
  void givesBackWhatWasWrittenWithItsStream() throws Exception {
    ring.add(1, new byte[] {1, 2, 3}, 2);
    ring.add(2, new byte[] {4}, 1);
    var first = ring.read(Position.START, false);
    var second = ring.read(first.next(), false);
    assertThat(first.stream()).isEqualTo(1);
    assertThat(first.bytes()).containsExactly(1, 2);
    assertThat(second.stream()).isEqualTo(2);
    assertThat(second.bytes()).containsExactly(4);
    assertThat(ring.read(second.next(), false).bytes()).isEmpty();
  }

  /**
   * The newest bytes, exactly, and how many are missing before them, whatever the pieces' sizes.
   */
  @Test
  void dropsTheOldestAndCountsThem() throws Exception {
    var random = new Random(7);
    var written = new ByteArrayOutputStream();
    for (int i = 0; i < 400; i++) {
      var piece = new byte[1 + random.nextInt(i % 7 == 0 ? 40_000 : 50)];
      random.nextBytes(piece);
      ring.add(1 + i % 2, piece, piece.length);
      written.writeBytes(piece);
    }
    ring.end();
    var kept = new ByteArrayOutputStream();
    var piece = ring.read(Position.START, true);
    long missed = piece.missed();
    while (piece.bytes().length > 0) {
      kept.writeBytes(piece.bytes());
      piece = ring.read(piece.next(), true);
      assertThat(piece.missed()).isZero();
    }
    byte[] all = written.toByteArray();
    assertThat(missed).isPositive();
    assertThat(kept.size()).isLessThanOrEqualTo(OutputRing.BYTES);
    assertThat(kept.toByteArray()).isEqualTo(Arrays.copyOfRange(all, (int) missed, all.length));
  }

  @Test
  void aReaderThatIsOvertakenHearsExactlyWhatItMissed() throws Exception {
    ring.add(1, new byte[10], 10);
    var at = ring.read(Position.START, false).next();
    var flood = new byte[3 * OutputRing.BYTES];
    ring.add(1, flood, flood.length);
    long seen = 10;
    long missed = 0;
    for (Piece piece = ring.read(at, false);
        piece.bytes().length > 0;
        piece = ring.read(piece.next(), false)) {
      missed += piece.missed();
      seen += piece.bytes().length;
    }
    assertThat(seen + missed).isEqualTo(10 + flood.length);
  }

  /** Alternating single bytes are the dearest there is: each has a header of its own. */
  @Test
  void singleBytesCostNoMoreThanTheLimit() throws Exception {
    for (int i = 0; i < 1_000_000; i++) {
      ring.add(1 + i % 2, new byte[] {(byte) i}, 1);
    }
    var piece = ring.read(Position.START, false);
    assertThat(piece.missed()).isGreaterThan(1_000_000 - OutputRing.BYTES);
    assertThat(piece.bytes()).hasSize(1);
  }

  @Test
  void aReaderWaitsForOutputAndForTheEnd() throws Exception {
    var writer =
        Thread.startVirtualThread(
            () -> {
              ring.add(1, new byte[] {9}, 1);
              ring.end();
            });
    var piece = ring.read(Position.START, true);
    assertThat(piece.bytes()).containsExactly(9);
    assertThat(ring.read(piece.next(), true).bytes()).isEmpty();
    writer.join();
  }
}
