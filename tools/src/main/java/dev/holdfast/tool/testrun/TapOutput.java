package dev.holdfast.tool.testrun;

import dev.holdfast.tool.testrun.TestReport.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Test Anything Protocol, with the YAML blocks of {@code node --test}. */
final class TapOutput {
  private static final Pattern PLAN =
      Pattern.compile("^(?:TAP version \\d+|1\\.\\.\\d+)\\b.*$", Pattern.MULTILINE);
  private static final Pattern POINT =
      Pattern.compile("^( *)(not )?ok\\b(?: (\\d+))?(?: -)? ?([^#\\n]*?)(?: # ?(\\w+).*)?$");
  private static final Pattern LOCATION =
      Pattern.compile(
          "location: '([^'\\n]+?):(\\d+):\\d+'|^ +at (\\S+) line (\\d+)\\.$", Pattern.MULTILINE);
  private static final Pattern ERROR =
      Pattern.compile(
          "^ *(?:error|message): (?:\\|-\\n((?: +.*\\n?)+?)(?= *\\w+: )|['\"]?(.*?)['\"]?$)",
          Pattern.MULTILINE);

  private int passed;
  private int skipped;
  private int failed;
  private final List<Failure> failures = new ArrayList<>();

  private TapOutput() {}

  static Optional<TestReport> read(String output) {
    if (!PLAN.matcher(output).find()) {
      return Optional.empty();
    }
    var state = new TapOutput();
    var lines = output.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      var point = POINT.matcher(lines.get(i));
      if (point.matches()) {
        state.point(point, block(lines, i + 1));
      }
    }
    return Optional.of(new TestReport(state.passed, state.failed, state.skipped, state.failures));
  }

  /** What stands below a point: its YAML block without the marks, or the comments. */
  private static String block(List<String> lines, int from) {
    var block = new StringBuilder();
    if (from >= lines.size() || !lines.get(from).strip().equals("---")) {
      for (int i = from; i < lines.size() && lines.get(i).strip().startsWith("#"); i++) {
        block.append(lines.get(i).strip().substring(1)).append('\n');
      }
      return block.toString();
    }
    for (int i = from + 1; i < lines.size() && !lines.get(i).strip().equals("..."); i++) {
      block.append(lines.get(i)).append('\n');
    }
    return block.toString();
  }

  private void point(Matcher point, String block) {
    // a suite's point repeats those of its tests
    if (block.contains("type: 'suite'") || block.contains("failureType: 'subtestsFailed'")) {
      return;
    }
    var directive = Scan.orEmpty(point.group(5)).toUpperCase(java.util.Locale.ROOT);
    if (directive.startsWith("SKIP") || directive.startsWith("TODO")) {
      skipped++;
    } else if (point.group(2) == null) {
      passed++;
    } else {
      failed++;
      failures.add(failure(point.group(4), block));
    }
  }

  private static Failure failure(String name, String block) {
    var location = LOCATION.matcher(block);
    var error = ERROR.matcher(block);
    var message = block;
    if (error.find()) {
      message = error.group(1) == null ? error.group(2) : error.group(1).replaceAll("(?m)^ +", "");
    }
    if (!location.find()) {
      return new Failure(name, "", 0, message);
    }
    return location.group(1) == null
        ? new Failure(name, location.group(3), Scan.number(location, 4), message)
        : new Failure(name, location.group(1), Scan.number(location, 2), message);
  }
}
