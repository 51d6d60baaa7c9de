package dev.holdfast.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4), which every Java platform has. Text is hashed as UTF-8. */
public final class Sha256 {
  private Sha256() {}

  /** A hash to feed content into. */
  public static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The 32 bytes. */
  public static byte[] of(byte[] content) {
    return start().digest(content);
  }

  /** The 64 hexadecimal digits. */
  public static String hex(byte[] content) {
    return HexFormat.of().formatHex(of(content));
  }

  /** The 64 hexadecimal digits. */
  public static String hex(String text) {
    return hex(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The 64 hexadecimal digits of all that was fed in. Resets the hash. */
  public static String hex(MessageDigest fed) {
    return HexFormat.of().formatHex(fed.digest());
  }

  /** The 64 hexadecimal digits of a list: no two lists have the same. */
  public static String hexOfParts(Iterable<String> parts) {
    var digest = start();
    parts.forEach(part -> addPart(digest, part));
    return hex(digest);
  }

  /** Feeds in one part of a list, its length first. */
  public static void addPart(MessageDigest digest, String part) {
    var bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }
}
