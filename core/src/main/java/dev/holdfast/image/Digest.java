package dev.holdfast.image;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.digest.Sha256;
import java.security.MessageDigest;

/**
 * The name of a content: its SHA-256. Other algorithms are refused, so that one content has one
 * name everywhere.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) implements Comparable<Digest> {
  private static final String PREFIX = "sha256:";

  public Digest {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new ImageException(
          "digest `%s` is not allowed: it must have 64 lower-case hexadecimal digits"
              .formatted(hex));
    }
  }

  /** Reads {@code sha256:HEX}. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Digest parse(String text) {
    if (!text.startsWith(PREFIX)) {
      throw new ImageException(
          "digest `%s` is not allowed: it must begin with `sha256:`".formatted(text));
    }
    return new Digest(text.substring(PREFIX.length()));
  }

  /** The digest of these bytes. */
  public static Digest of(byte[] content) {
    return new Digest(Sha256.hex(content));
  }

  /** What a hash that was fed with the content comes to. Resets the hash. */
  public static Digest of(MessageDigest hash) {
    return new Digest(Sha256.hex(hash));
  }

  /** The first digits, for people. */
  public String brief() {
    return hex.substring(0, 12);
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  @JsonValue
  @Override
  public String toString() {
    return PREFIX + hex;
  }
}
