package dev.holdfast.tool.testrun;

import dev.holdfast.tool.testrun.TestReport.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Python's unittest. */
final class UnittestOutput {
  private static final Pattern RAN =
      Pattern.compile("^Ran (\\d+) tests? in [\\d.]+s$", Pattern.MULTILINE);
  private static final Pattern RESULT =
      Pattern.compile("^(?:OK|FAILED|NO TESTS RAN)(?: \\(([^)\\n]*)\\))?$", Pattern.MULTILINE);
  private static final Pattern BLOCK =
      Pattern.compile("^={70}\\n(?:FAIL|ERROR): (.+)\\n(?:.+\\n)?-{70}\\n", Pattern.MULTILINE);
  private static final Pattern FRAME =
      Pattern.compile("^  File \"([^\"\\n]+)\", line (\\d+)", Pattern.MULTILINE);

  private UnittestOutput() {}

  static Optional<TestReport> read(String output) {
    var ran = RAN.matcher(output);
    int total = 0;
    boolean any = false;
    while (ran.find()) {
      any = true;
      total += Scan.number(ran, 1);
    }
    if (!any) {
      return Optional.empty();
    }
    var details = new StringBuilder();
    var result = RESULT.matcher(output);
    while (result.find()) {
      details.append(Scan.orEmpty(result.group(1))).append(", ");
    }
    int failed =
        count(details, "failures")
            + count(details, "errors")
            + count(details, "unexpected successes");
    int skipped = count(details, "skipped");
    return Optional.of(
        new TestReport(Math.max(0, total - failed - skipped), failed, skipped, failures(output)));
  }

  private static int count(CharSequence details, String what) {
    var matcher =
        Pattern.compile("(?<![a-z ])" + what + "=(\\d+)")
            .matcher(details.toString().replace(", ", ","));
    int sum = 0;
    while (matcher.find()) {
      sum += Scan.number(matcher, 1);
    }
    return sum;
  }

  private static List<Failure> failures(String output) {
    var failures = new ArrayList<Failure>();
    var block = BLOCK.matcher(output);
    while (block.find()) {
      int end = output.indexOf("\n====", block.end());
      int rule = output.indexOf("\n----------", block.end());
      int stop = end < 0 ? rule : Math.min(end, rule < 0 ? end : rule);
      var text = output.substring(block.end(), stop < 0 ? output.length() : stop);
      failures.add(failure(block.group(1), text));
    }
    return failures;
  }

  /** {@code test_add (test_app.AppTest.test_add)}: older Pythons leave the method out inside. */
  private static Failure failure(String header, String text) {
    var file = "";
    int line = 0;
    var frame = FRAME.matcher(text);
    while (frame.find()) {
      if (!frame.group(1).contains("/lib/python") && !frame.group(1).startsWith("<")) {
        file = frame.group(1);
        line = Scan.number(frame, 2);
      }
    }
    var names = Pattern.compile("(\\S+) \\(([^)]+)\\).*").matcher(header);
    var name = header;
    if (names.matches()) {
      var inside = names.group(2);
      name = inside.endsWith("." + names.group(1)) ? inside : inside + "." + names.group(1);
    }
    return new Failure(name, file, line, message(text));
  }

  /** From the exception's line on: the traceback above it is indented. */
  private static String message(String text) {
    var start = text.lastIndexOf("\n  ");
    var raised = start < 0 ? 0 : text.indexOf('\n', start + 1);
    var exception = Pattern.compile("^[A-Za-z_][\\w.]*(?::.*)?$", Pattern.MULTILINE).matcher(text);
    int traceback = text.indexOf("Traceback (most recent call last):");
    int from = traceback < 0 ? 0 : text.indexOf('\n', traceback) + 1;
    if (exception.find(Math.max(0, from))) {
      return text.substring(exception.start());
    }
    return text.substring(Math.max(0, raised));
  }
}
