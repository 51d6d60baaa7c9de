package dev.holdfast.tool.testrun;

import dev.holdfast.tool.testrun.TestReport.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private static final Pattern HEADING =
      Pattern.compile("^_{2,} (\\S.*\\S) _{2,}$", Pattern.MULTILINE);
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
    var sections = sections(output);
    var failures = new ArrayList<Failure>();
    var failed = FAILED.matcher(output);
    while (failed.find()) {
      var section = sections.getOrDefault(heading(failed.group(1)), "");
      failures.add(
          new Failure(
              failed.group(1),
              failed.group(2),
              line(section, failed.group(2)),
              Scan.orEmpty(failed.group(3))));
    }
    return failures;
  }

  /** What stands below each heading: a test's name, its class before it. */
  private static Map<String, String> sections(String output) {
    var sections = new HashMap<String, String>();
    var heading = HEADING.matcher(output);
    int from = 0;
    var name = "";
    while (heading.find()) {
      sections.putIfAbsent(name, output.substring(from, heading.start()));
      name = heading.group(1).replaceFirst("^ERROR (?:at (?:setup|teardown) of|collecting) ", "");
      from = heading.end();
    }
    sections.putIfAbsent(name, output.substring(from));
    return sections;
  }

  /** {@code a/test_b.py::Class::test[1]} stands below {@code Class.test[1]}. */
  private static String heading(String id) {
    int names = id.indexOf("::");
    return names < 0 ? id : id.substring(names + 2).replace("::", ".");
  }

  private static int line(String section, String file) {
    var place = PLACE.matcher(section);
    while (place.find()) {
      if (place.group(1).equals(file)) {
        return Scan.number(place, 2);
      }
    }
    return 0;
  }
}
