package dev.holdfast.runs;

import dev.holdfast.run.RiskTier;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Judges a request before anything is made for it: is it in scope, and how risky is it. */
final class IntakeDesk {
  /** Longest task, in characters: about a tenth of the smallest window in use. */
  private static final int LONGEST_TASK = 40_000;

  /** What tasks touch that can do harm beyond the repository, once merged or run. */
  private static final Pattern HIGH =
      words("production", "prod", "deploy", "credential", "secret", "password", "payment", "iam");

  /** What is easy to get wrong and hard to see in review. */
  private static final Pattern MEDIUM =
      words("security", "auth", "login", "migration", "crypto", "encrypt", "permission", "ci");

  /** Tasks that no repository work needs; the words stand for the whole request's purpose. */
  private static final List<Pattern> OUT_OF_SCOPE =
      List.of(
          Pattern.compile(
              "(?i)\\b(disable|bypass|escape|break out of)\\b.{0,40}\\b(sandbox|holdfast)\\b"),
          Pattern.compile("(?i)\\bexfiltrat\\w+"));

  private IntakeDesk() {}

  /** What the desk says of a request. */
  sealed interface Admission {
    /** {@code task} is the request as the agent gets it. */
    record Admitted(RiskTier tier, String task) implements Admission {}

    record Turned(String why) implements Admission {}
  }

  static Admission admit(String request) {
    var task = request.strip().replace("\r\n", "\n");
    if (task.isEmpty()) {
      return new Admission.Turned("the task is empty: say what is to be done");
    }
    if (task.length() > LONGEST_TASK) {
      return new Admission.Turned(
          "the task is %d characters long: %d are allowed".formatted(task.length(), LONGEST_TASK));
    }
    for (var pattern : OUT_OF_SCOPE) {
      var matcher = pattern.matcher(task);
      if (matcher.find()) {
        return new Admission.Turned(
            "`%s` is out of scope: a run works on a repository".formatted(matcher.group()));
      }
    }
    return new Admission.Admitted(tier(task), task);
  }

  private static RiskTier tier(String task) {
    if (HIGH.matcher(task).find()) {
      return RiskTier.HIGH;
    }
    return MEDIUM.matcher(task).find() ? RiskTier.MEDIUM : RiskTier.LOW;
  }

  private static Pattern words(String... words) {
    return Pattern.compile(
        "\\b(" + String.join("|", words).toLowerCase(Locale.ROOT) + ")s?\\b",
        Pattern.CASE_INSENSITIVE);
  }
}
