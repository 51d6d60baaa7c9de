package dev.holdfast.tool.testrun;

import dev.holdfast.tool.testrun.TestReport.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** pytest's text; with {@code --junitxml} its report is read by {@link JUnitXml} instead. */
final class PytestOutput {
  private static final Pattern SUMMARY =
      Pattern.compile(
          "^=*\\s*((?:\\d+ (?:passed|failed|errors?|skipped|xfailed|xpassed|deselected|warnings?)(?:, )?)+|no tests ran)"
              + " in [\\d.]+s.*$",
          Pattern.MULTILINE);
  private static final Pattern FAILED =
      Pattern.compile("^(?:FAILED|ERROR) (([^\\s:]+)(?:::\\S+)?)(?: - (.*))?$", Pattern.MULTILINE);
  private static final Pattern PLACE =
      Pattern.compile("^(\\S+\\.py):(\\d+): (\\w.*)$", Pattern.MULTILINE);

  private PytestOutput() {}

  static Optional<TestReport> read(String output) {
    var summary = SUMMARY.matcher(output);
    if (!summary.find()) {
      return Optional.empty();
    }
    var counts = summary.group(1);
    int failed = count(counts, "failed") + count(counts, "errors?");
    return Optional.of(
        new TestReport(
            count(counts, "passed") + count(counts, "xpassed"),
            failed,
            count(counts, "skipped") + count(counts, "xfailed"),
            failures(output)));
  }

  private static int count(String counts, String what) {
    return Scan.lastNumber(Pattern.compile("(\\d+) " + what + "\\b"), counts);
  }

  private static List<Failure> failures(String output) {
    var failures = new ArrayList<Failure>();
    var failed = FAILED.matcher(output);
    while (failed.find()) {
      failures.add(
          new Failure(
              failed.group(1),
              failed.group(2),
              line(output, failed.group(2), failures),
              Scan.orEmpty(failed.group(3))));
    }
    return failures;
  }

  /** Places stand in the order of the failures: the n-th of a file belongs to its n-th failure. */
  private static int line(String output, String file, List<Failure> before) {
    long skip = before.stream().filter(it -> it.file().equals(file)).count();
    var place = PLACE.matcher(output);
    while (place.find()) {
      if (place.group(1).equals(file) && skip-- == 0) {
        return Scan.number(place, 2);
      }
    }
    return 0;
  }
}
