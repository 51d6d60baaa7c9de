package dev.holdfast.policy.shell;

import java.util.Set;

/**
 * One word of a command after quote removal.
 *
 * @param text its value when it is literal; otherwise the literal part before its first expansion
 * @param literal whether {@code text} is the whole value, whatever the shell's state is
 * @param quoted whether any part was quoted
 * @param variables names of the variables that its value depends on
 */
public record Word(String text, boolean literal, boolean quoted, Set<String> variables) {
  public Word {
    variables = Set.copyOf(variables);
  }

  /** A word with a known value. */
  public static Word of(String text) {
    return new Word(text, true, true, Set.of());
  }

  /** A word whose value is only known when the script runs. */
  static Word dynamic(String prefix) {
    return new Word(prefix, false, false, Set.of());
  }

  boolean is(String value) {
    return literal && text.equals(value);
  }
}
