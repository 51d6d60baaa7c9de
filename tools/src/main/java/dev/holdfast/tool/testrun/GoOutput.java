package dev.holdfast.tool.testrun;

import dev.holdfast.tool.testrun.TestReport.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code go test -json}. */
final class GoOutput {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern PLACE =
      Pattern.compile("(?m)^\\s*(\\S+\\.go):(\\d+)(?::\\d+)?: ?(.*)");

  /** Where a panic passed through a test. */
  private static final Pattern FRAME = Pattern.compile("(?m)^\\s*(\\S+_test\\.go):(\\d+) \\+0x");

  /** Before Go 1.24 a package that does not build is told of in plain text. */
  private static final Pattern PLAIN_HEADING = Pattern.compile("# (\\S+)(?: \\[.*\\])?");

  private static final Pattern PLAIN_END =
      Pattern.compile("FAIL\\t(\\S+) \\[(?:build|setup) failed\\]");

  private final Map<String, String> ends = new LinkedHashMap<>();
  private final Map<String, StringBuilder> said = new LinkedHashMap<>();

  private String building = "";

  private GoOutput() {}

  static Optional<TestReport> read(String output) {
    if (!output.contains("{\"") || !output.contains("\"Action\":\"")) {
      return Optional.empty();
    }
    var state = new GoOutput();
    output.lines().forEach(line -> state.line(line));
    return state.said.isEmpty() && state.ends.isEmpty()
        ? Optional.empty()
        : Optional.of(state.report());
  }

  private void line(String line) {
    if (line.startsWith("{")) {
      event(line);
      return;
    }
    var heading = PLAIN_HEADING.matcher(line);
    var end = PLAIN_END.matcher(line);
    if (heading.matches()) {
      building = heading.group(1) + " [build]";
    } else if (end.matches()) {
      ends.put(end.group(1) + " [build]", "fail");
    } else if (!building.isEmpty()) {
      said.computeIfAbsent(building, _ -> new StringBuilder()).append(line).append('\n');
    }
  }

  private void event(String line) {
    JsonNode event;
    try {
      event = JSON.readTree(line);
    } catch (JacksonException notAnEvent) {
      return; // the program under test may write what it likes
    }
    var where = event.path("Package").asString(event.path("ImportPath").asString(""));
    var test = where + " " + event.path("Test").asString("");
    var action = event.path("Action").asString("");
    switch (action) {
      case "output", "build-output" ->
          said.computeIfAbsent(test, _ -> new StringBuilder())
              .append(event.path("Output").asString(""));
      case "pass", "fail", "skip" -> ends.put(test, action);
      case "build-fail" -> ends.put(where + " [build]", "fail");
      default -> {} // run, start, pause, cont, bench
    }
  }

  private TestReport report() {
    int passed = 0;
    int skipped = 0;
    var failures = new ArrayList<Failure>();
    for (var end : ends.entrySet()) {
      boolean whole = end.getKey().endsWith(" ");
      if (parent(end.getKey())
          || (whole && !(end.getValue().equals("fail") && alone(end.getKey())))) {
        continue;
      }
      switch (end.getValue()) {
        case "pass" -> passed++;
        case "skip" -> skipped++;
        default -> failures.add(failure(end.getKey()));
      }
    }
    return new TestReport(passed, failures.size(), skipped, failures);
  }

  /** A test with subtests fails with them: they are counted, it is not. */
  private boolean parent(String test) {
    return !test.endsWith(" ") && ends.keySet().stream().anyMatch(it -> it.startsWith(test + "/"));
  }

  /** A package that failed without a failed test: it did not build, or it crashed. */
  private boolean alone(String pack) {
    return ends.entrySet().stream()
        .noneMatch(
            it ->
                it.getKey().startsWith(pack)
                    && !it.getKey().equals(pack)
                    && it.getValue().equals("fail"));
  }

  private Failure failure(String test) {
    var text = said.getOrDefault(test, new StringBuilder()).toString();
    if (text.isEmpty() && test.endsWith(" [build]")) {
      text = said.getOrDefault(test.replace(" [build]", " "), new StringBuilder()).toString();
    }
    var place = PLACE.matcher(text);
    var name = test.strip();
    if (!place.find()) {
      var frame = FRAME.matcher(text);
      return frame.find()
          ? new Failure(name, frame.group(1), Scan.number(frame, 2), text)
          : new Failure(name, "", 0, text);
    }
    return new Failure(name, place.group(1), Scan.number(place, 2), text.substring(place.start(3)));
  }
}
