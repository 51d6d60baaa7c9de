package dev.holdfast.image;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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
    return of(hash(), content);
  }

  /** What a hash that was fed with the content comes to. Resets the hash. */
  public static Digest of(MessageDigest hash) {
    return new Digest(HexFormat.of().formatHex(hash.digest()));
  }

  private static Digest of(MessageDigest hash, byte[] content) {
    hash.update(content);
    return of(hash);
  }

  /** A hash to feed content into. */
  public static MessageDigest hash() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
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
