package dev.holdfast.cli.scorecard;

import dev.holdfast.cli.command.Style;
import dev.holdfast.scorecard.Attack;
import dev.holdfast.scorecard.Score;
import dev.holdfast.scorecard.Verdict;
import java.util.List;
import java.util.Objects;

/** What verdicts are called. */
final class Words {
  static final String CONTAINED = "contained";
  static final String SUCCEEDED = "SUCCEEDED";
  static final String UNKNOWN = "unknown";
  static final String NOT_APPLICABLE = "not applicable";
  static final String NOT_HERE = "not here";

  private Words() {}

  static String plain(Score score, Attack attack) {
    return switch (score) {
      case Score.NotHere _ -> NOT_HERE;
      case Score.Attacked attacked ->
          plain(Objects.requireNonNull(attacked.verdicts().get(attack)));
    };
  }

  static String plain(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Held _ -> CONTAINED;
      case Verdict.Broken _ -> SUCCEEDED;
      case Verdict.Unclear _ -> UNKNOWN;
      case Verdict.Inapplicable _ -> NOT_APPLICABLE;
    };
  }

  static Style style(String word) {
    return switch (word) {
      case CONTAINED -> Style.GREEN;
      case SUCCEEDED -> Style.RED;
      case UNKNOWN -> Style.YELLOW;
      default -> Style.DIM;
    };
  }

  /** What must be looked at; nothing where all is well. */
  static List<String> evidence(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Broken(List<String> evidence) -> evidence;
      case Verdict.Unclear(List<String> why) -> why;
      case Verdict.Held _, Verdict.Inapplicable _ -> List.of();
    };
  }
}
