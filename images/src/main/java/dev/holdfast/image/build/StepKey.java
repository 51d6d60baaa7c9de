package dev.holdfast.image.build;

import dev.holdfast.digest.Sha256;
import dev.holdfast.image.Digest;
import java.security.MessageDigest;

/** What a step depends on, as one digest: the same for the same parts in the same order. */
final class StepKey {
  /** Changes whenever a step comes to something else than before. */
  private static final String VERSION = "1";

  private final MessageDigest hash = Sha256.start();

  StepKey() {
    add(VERSION);
  }

  StepKey add(Object part) {
    Sha256.addPart(hash, part.toString());
    return this;
  }

  Digest digest() {
    return Digest.of(hash);
  }
}
