package dev.holdfast.tool.testrun;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The programs that run tests, and how they are called. */
public enum Runner {
  MAVEN,
  GRADLE,
  NPM,
  NODE,
  PYTEST,
  UNITTEST,
  GO,
  CARGO,
  MAKE;

  /** The name as users write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The command that runs {@code targets}, or everything when there are none. */
  List<String> command(List<String> targets) {
    return switch (this) {
      case MAVEN ->
          targets.isEmpty()
              ? List.of("mvn", "-B", "-o", "-fae", "test")
              : List.of(
                  "mvn",
                  "-B",
                  "-o",
                  "-fae",
                  "-Dtest=" + String.join(",", targets),
                  "-Dsurefire.failIfNoSpecifiedTests=false",
                  "test");
      case GRADLE -> gradle(targets);
      case NPM -> with(List.of("npm", "test", "--silent", "--"), targets);
      case NODE -> with(List.of("node", "--test", "--test-reporter=tap"), targets);
      case PYTEST ->
          with(
              List.of("python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short"),
              targets);
      case UNITTEST ->
          targets.isEmpty()
              ? List.of("python3", "-m", "unittest", "discover", "-v")
              : with(List.of("python3", "-m", "unittest", "-v"), targets);
      case GO ->
          with(List.of("go", "test", "-json"), targets.isEmpty() ? List.of("./...") : targets);
      case CARGO -> with(List.of("cargo", "test", "--offline", "--no-fail-fast", "--"), targets);
      case MAKE -> with(List.of("make"), targets.isEmpty() ? List.of("check") : targets);
    };
  }

  private static List<String> gradle(List<String> targets) {
    var argv =
        new ArrayList<>(List.of("gradle", "--offline", "--console=plain", "--continue", "test"));
    for (var target : targets) {
      argv.addAll(List.of("--tests", target));
    }
    return argv;
  }

  private static List<String> with(List<String> command, List<String> more) {
    var argv = new ArrayList<>(command);
    argv.addAll(more);
    return argv;
  }
}
