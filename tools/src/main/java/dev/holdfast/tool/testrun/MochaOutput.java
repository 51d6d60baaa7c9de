package dev.holdfast.tool.testrun;

import dev.holdfast.tool.testrun.TestReport.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Mocha's default reporter. */
final class MochaOutput {
  private static final Pattern PASSING =
      Pattern.compile("^ +(\\d+) passing \\(", Pattern.MULTILINE);
  private static final Pattern FAILING = Pattern.compile("^ +(\\d+) failing$", Pattern.MULTILINE);
  private static final Pattern PENDING = Pattern.compile("^ +(\\d+) pending$", Pattern.MULTILINE);

  /** The suites and the test, one below the other, the last with a colon. */
  private static final Pattern FAILURE =
      Pattern.compile("^ {2}\\d+\\) (.+\\n(?: {7,}.+\\n)*? {7,}.+|.+):\\n", Pattern.MULTILINE);

  private static final Pattern PLACE =
      Pattern.compile("^ +at (?:.*\\()?([^\\s()]+):(\\d+):\\d+\\)?$", Pattern.MULTILINE);

  private MochaOutput() {}

  static Optional<TestReport> read(String output) {
    if (!PASSING.matcher(output).find()) {
      return Optional.empty();
    }
    return Optional.of(
        new TestReport(
            Scan.lastNumber(PASSING, output),
            Scan.lastNumber(FAILING, output),
            Scan.lastNumber(PENDING, output),
            failures(output)));
  }

  private static List<Failure> failures(String output) {
    var failures = new ArrayList<Failure>();
    var failing = FAILING.matcher(output);
    int from = failing.find() ? failing.end() : output.length();
    var failure = FAILURE.matcher(output).region(from, output.length());
    while (failure.find()) {
      var next = FAILURE.matcher(output).region(failure.end(), output.length());
      int stop = next.find() ? next.start() : output.length();
      failures.add(failure(failure.group(1), output.substring(failure.end(), stop)));
    }
    return failures;
  }

  private static Failure failure(String titles, String text) {
    var name = titles.replaceAll("\\n +", " › ");
    var message = PLACE.matcher(text).replaceAll("");
    var place = PLACE.matcher(text);
    return place.find()
        ? new Failure(name, place.group(1), Scan.number(place, 2), message)
        : new Failure(name, "", 0, message);
  }
}
