package dev.holdfast.tool.testrun;

import dev.holdfast.tool.testrun.TestReport.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code node --test} with its spec reporter. */
final class NodeSpecOutput {
  private static final Pattern FAILURE =
      Pattern.compile(
          "^test at (\\S+?):(\\d+):\\d+\\n✖ (.*?)(?: \\([\\d.]+ms\\))?\\n", Pattern.MULTILINE);

  private NodeSpecOutput() {}

  static Optional<TestReport> read(String output) {
    if (!Pattern.compile("^ℹ tests \\d+$", Pattern.MULTILINE).matcher(output).find()) {
      return Optional.empty();
    }
    int failed = footer(output, "fail") + footer(output, "cancelled");
    int skipped = footer(output, "skipped") + footer(output, "todo");
    return Optional.of(new TestReport(footer(output, "pass"), failed, skipped, failures(output)));
  }

  private static int footer(String output, String what) {
    return Scan.lastNumber(Pattern.compile("^ℹ " + what + " (\\d+)$", Pattern.MULTILINE), output);
  }

  private static List<Failure> failures(String output) {
    var failures = new ArrayList<Failure>();
    var failure = FAILURE.matcher(output);
    while (failure.find()) {
      int stop = output.indexOf("\n\ntest at ", failure.end());
      var text = output.substring(failure.end(), stop < 0 ? output.length() : stop);
      failures.add(
          new Failure(
              failure.group(3),
              failure.group(1),
              Scan.number(failure, 2),
              text.replaceAll("(?m)^ {2}", "").replaceAll("(?m)^    at .*\\n?", "")));
    }
    return failures;
  }
}
