package dev.holdfast.workbench.oci;

import dev.holdfast.digest.Sha256;

/** Short names that follow from content. */
final class Digests {
  private static final int DIGITS = 16;

  private Digests() {}

  /** Sixteen hexadecimal digits. */
  static String of(byte[] bytes) {
    return Sha256.hex(bytes).substring(0, DIGITS);
  }
}
