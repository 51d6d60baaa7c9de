package dev.holdfast.tool.testrun;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Surefire's totals on the console, for when its XML reports are out of reach. */
final class MavenOutput {
  private static final Pattern TOTAL =
      Pattern.compile(
          "^(?:\\[(?:INFO|WARNING|ERROR)\\] )?Tests run: (\\d+), Failures: (\\d+), Errors: (\\d+), Skipped: (\\d+)\\s*$",
          Pattern.MULTILINE);

  private MavenOutput() {}

  static Optional<TestReport> read(String output) {
    var total = TOTAL.matcher(output);
    var report = TestReport.NONE;
    boolean any = false;
    while (total.find()) {
      any = true;
      int failed = Scan.number(total, 2) + Scan.number(total, 3);
      int skipped = Scan.number(total, 4);
      int passed = Math.max(0, Scan.number(total, 1) - failed - skipped);
      report = report.plus(new TestReport(passed, failed, skipped, List.of()));
    }
    return any ? Optional.of(report) : Optional.empty();
  }
}
