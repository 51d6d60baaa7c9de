package dev.holdfast.store;

import dev.holdfast.digest.Sha256;
import dev.holdfast.run.RunId;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** How hashes follow from one another. Text, so that {@code sha256sum} can check it too. */
final class Chain {
  static final int BYTES = 32;

  private Chain() {}

  /** The hash before the first. */
  static byte[] start() {
    return new byte[BYTES];
  }

  /**
   * The hash of an event: SHA-256 over the lines previous hash (hexadecimal), run, seq, at
   * (microseconds since 1970), then the stored bytes.
   */
  static byte[] next(byte[] previous, RunId run, long seq, long atMicros, byte[] body) {
    var digest = Sha256.start();
    var head = hex(previous) + "\n" + run + "\n" + seq + "\n" + atMicros + "\n";
    digest.update(head.getBytes(StandardCharsets.US_ASCII));
    return digest.digest(body);
  }

  /** The hash over all events of the store up to one: SHA-256 over the two hashes' bytes. */
  static byte[] nextInStore(byte[] previous, byte[] eventHash) {
    var digest = Sha256.start();
    digest.update(previous);
    return digest.digest(eventHash);
  }

  static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }
}
