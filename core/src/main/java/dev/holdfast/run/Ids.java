package dev.holdfast.run;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** How identifiers are made and checked. */
public final class Ids {
  /** A short name chosen by a person: a team, a project. */
  public static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The patterns are constants of the code, so this stays as small as it is. */
  private static final Map<String, Pattern> COMPILED = new ConcurrentHashMap<>();

  private Ids() {}

  /**
   * A fresh identifier of {@code length} letters from a 32-letter alphabet without look-alikes (5
   * bits each).
   */
  public static String random(int length) {
    var bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    var id = new StringBuilder(length);
    for (byte b : bytes) {
      id.append(ALPHABET.charAt(b & 31));
    }
    return id.toString();
  }

  /**
   * Checks that {@code value} has the form {@code pattern}, which is a constant.
   *
   * @throws IllegalArgumentException naming {@code what}, the offending value and the allowed form
   */
  public static String require(String what, String value, String pattern) {
    if (!COMPILED.computeIfAbsent(pattern, Pattern::compile).matcher(value).matches()) {
      throw new IllegalArgumentException(
          "%s `%s` is not allowed: it must match `%s`".formatted(what, value, pattern));
    }
    return value;
  }
}
