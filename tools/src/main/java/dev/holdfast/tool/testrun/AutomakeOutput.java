package dev.holdfast.tool.testrun;

import dev.holdfast.tool.testrun.TestReport.Failure;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Pattern;

/** Automake's {@code make check}, and the many hand-written ones that print PASS and FAIL lines. */
final class AutomakeOutput {
  private static final Pattern LINE =
      Pattern.compile("^(PASS|XFAIL|FAIL|XPASS|ERROR|SKIP):\\s+(.+)$", Pattern.MULTILINE);

  private AutomakeOutput() {}

  static Optional<TestReport> read(String output) {
    int passed = 0;
    int skipped = 0;
    var failures = new ArrayList<Failure>();
    var line = LINE.matcher(output);
    while (line.find()) {
      switch (line.group(1)) {
        case "PASS", "XFAIL" -> passed++;
        case "SKIP" -> skipped++;
        default -> failures.add(new Failure(line.group(2), "", 0, line.group()));
      }
    }
    var report = new TestReport(passed, failures.size(), skipped, failures);
    return report.total() == 0 ? Optional.empty() : Optional.of(report);
  }
}
