package dev.holdfast.cli.command;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ParseResult;

/** Times and sizes, as options have them. */
public final class Quantities {
  private Quantities() {}

  /** A time such as {@code 90s}, {@code 30m} or {@code 2h}. */
  public static Duration time(ParseResult arguments, String option, String otherwise) {
    String text = arguments.matchedOptionValue(option, otherwise);
    try {
      return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    } catch (DateTimeParseException wrong) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "`%s` of `%s` is no time: write `90s`, `30m` or `2h`".formatted(text, option),
          wrong);
    }
  }

  /** A size such as {@code 512M} or {@code 2G}, in bytes. */
  public static long bytes(ParseResult arguments, String option, long otherwise) {
    String text = arguments.matchedOptionValue(option, "");
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!text.matches("[1-9][0-9]{0,5}[MG]")) {
      throw new CommandFailure(
          ExitCode.USAGE, "`%s` of `%s` is no size: write `512M` or `2G`".formatted(text, option));
    }
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    return number << (text.endsWith("G") ? 30 : 20);
  }
}
