package dev.holdfast.image.build;

import dev.holdfast.image.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** What a step depends on, as one digest: the same for the same parts in the same order. */
final class StepKey {
  /** Changes whenever a step comes to something else than before. */
  private static final String VERSION = "1";

  private final MessageDigest hash = Digest.hash();

  StepKey() {
    add(VERSION);
  }

  StepKey add(Object part) {
    byte[] bytes = part.toString().getBytes(StandardCharsets.UTF_8);
    hash.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    hash.update(bytes);
    return this;
  }

  Digest digest() {
    return Digest.of(hash);
  }
}
