package dev.holdfast.testkit.attack;

import java.util.Set;

/**
 * Something forbidden that a program really attempts from inside a workbench. It usually makes
 * several attempts; each must be refused.
 *
 * @param name its name for people and for the attacking program
 * @param manner how the program is run
 * @param reasons why an attempt may fail: names of errnos and signals, or a word of the program's
 *     own. Failing for any other reason does not count as held
 * @param tries what it attempts
 * @param success what would be true on the day after if it worked
 */
public record Attack(
    String name, Manner manner, Set<String> reasons, String tries, String success) {
  /** How the attacking program is started. */
  public enum Manner {
    /** With pipes as its streams, as tools run programs. */
    PIPES,
    /** On a terminal, as in a takeover. */
    TERMINAL,
    /** To stay behind in the background. */
    BACKGROUND
  }

  public Attack {
    reasons = Set.copyOf(reasons);
    if (reasons.isEmpty() || tries.isBlank() || success.isBlank()) {
      throw new IllegalArgumentException(
          "attack `%s` is incomplete: it needs reasons, what it tries and what success would be"
              .formatted(name));
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
