package dev.holdfast.tool.testrun;

import dev.holdfast.tool.testrun.TestReport.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The summaries of Jest and Vitest. */
final class JestOutput {
  private static final Pattern SUMMARY =
      Pattern.compile(
          "^\\s*Tests:?\\s+(.*\\d+ (?:passed|failed|skipped|todo).*)$", Pattern.MULTILINE);
  private static final Pattern JEST_FAILURE =
      Pattern.compile("^ +● (.+ › .+|\\S.*)\\n\\n", Pattern.MULTILINE);
  private static final Pattern VITEST_FAILURE =
      Pattern.compile("^ FAIL  (\\S+ > .+)\\n", Pattern.MULTILINE);
  private static final Pattern PLACE =
      Pattern.compile("\\(?([^\\s()]+\\.[cm]?[jt]sx?):(\\d+):\\d+\\)?");

  private JestOutput() {}

  static Optional<TestReport> read(String output) {
    var plain = output.replaceAll("\u001B\\[[0-9;]*m", "");
    var summary = SUMMARY.matcher(plain);
    if (!summary.find()) {
      return Optional.empty();
    }
    var counts = summary.group(1);
    var failures = failures(plain, JEST_FAILURE, "\n  ● ");
    failures.addAll(failures(plain, VITEST_FAILURE, "\n⎯⎯"));
    return Optional.of(
        new TestReport(
            count(counts, "passed"),
            count(counts, "failed"),
            count(counts, "skipped") + count(counts, "todo"),
            failures));
  }

  private static int count(String counts, String what) {
    return Scan.lastNumber(Pattern.compile("(\\d+) " + what + "\\b"), counts);
  }

  private static List<Failure> failures(String output, Pattern heading, String next) {
    var failures = new ArrayList<Failure>();
    var failure = heading.matcher(output);
    while (failure.find()) {
      int stop = output.indexOf(next, failure.end());
      var text = output.substring(failure.end(), stop < 0 ? output.length() : stop);
      var place = PLACE.matcher(text);
      boolean placed = place.find();
      failures.add(
          new Failure(
              failure.group(1),
              placed ? place.group(1) : "",
              placed ? Scan.number(place, 2) : 0,
              text));
    }
    return failures;
  }
}
