package dev.holdfast.tool.testrun;

import dev.holdfast.tool.testrun.TestReport.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code cargo test}, and rustc's errors when it does not come to tests. */
final class CargoOutput {
  private static final Pattern RESULT =
      Pattern.compile(
          "^test result: (?:ok|FAILED)\\. (\\d+) passed; (\\d+) failed; (\\d+) ignored;",
          Pattern.MULTILINE);
  private static final Pattern SECTION =
      Pattern.compile("^---- (.+?) (?:stdout|stderr) ----$", Pattern.MULTILINE);
  private static final Pattern PANIC =
      Pattern.compile("panicked at (?:'(.*)', )?([^\\s:']+):(\\d+):\\d+:?\\n?", Pattern.DOTALL);

  private CargoOutput() {}

  static Optional<TestReport> read(String output) {
    var result = RESULT.matcher(output);
    int passed = 0;
    int failed = 0;
    int ignored = 0;
    boolean any = false;
    while (result.find()) {
      any = true;
      passed += Scan.number(result, 1);
      failed += Scan.number(result, 2);
      ignored += Scan.number(result, 3);
    }
    return any
        ? Optional.of(new TestReport(passed, failed, ignored, failures(output)))
        : Optional.empty();
  }

  private static List<Failure> failures(String output) {
    var failures = new ArrayList<Failure>();
    var section = SECTION.matcher(output);
    while (section.find()) {
      int next = output.indexOf("\n---- ", section.end());
      int list = output.indexOf("\nfailures:\n", section.end());
      int stop = next < 0 ? list : Math.min(next, list < 0 ? next : list);
      var text = output.substring(section.end(), stop < 0 ? output.length() : stop);
      var panic = PANIC.matcher(text);
      failures.add(
          panic.find()
              ? new Failure(
                  section.group(1),
                  panic.group(2),
                  Scan.number(panic, 3),
                  message(Scan.orEmpty(panic.group(1)), text.substring(panic.end())))
              : new Failure(section.group(1), "", 0, text));
    }
    return failures;
  }

  private static String message(String quoted, String after) {
    return (quoted.isEmpty() ? after : quoted).replaceAll("(?m)^note: .*$", "");
  }
}
