package dev.holdfast.tool.testrun;

import dev.holdfast.workbench.FileEntry;
import dev.holdfast.workbench.GuestFiles;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a project's tests are run.
 *
 * @param runner its name; {@code command} for a command of the caller's own
 * @param reports a name pattern of the XML reports it leaves; empty when it leaves none
 */
public record TestPlan(
    String runner, List<String> argv, Map<String, String> env, Optional<String> reports) {
  private static final Map<String, String> ENV =
      Map.of("CI", "true", "NO_COLOR", "1", "PYTHONDONTWRITEBYTECODE", "1", "LC_ALL", "C.UTF-8");
  private static final int MOST_ENTRIES = 2_000;
  private static final int MANIFEST_BYTES = 1 << 20;
  private static final Pattern NPM_TEST =
      Pattern.compile("\"test\"\\s*:\\s*\"(?!echo \\\\\"Error: no test specified)");
  private static final Pattern MAKE_TARGET =
      Pattern.compile("^(check|test)\\s*:(?!=)", Pattern.MULTILINE);
  private static final Pattern PYTHON_TEST = Pattern.compile("test.*\\.py|.*_test\\.py");
  private static final Pattern JS_TEST = Pattern.compile("(?:.*[.-])?test\\.[cm]?js");
  private static final Set<String> PYTHON_PROJECT =
      Set.of(
          "setup.py", "pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini", "requirements.txt");

  public TestPlan {
    argv = List.copyOf(argv);
    env = Map.copyOf(env);
  }

  /** A command of the caller's own. */
  public static TestPlan custom(List<String> argv) {
    return new TestPlan("command", argv, ENV, Optional.empty());
  }

  /** The tests of {@code runner} in {@code directory}. */
  public static TestPlan of(
      Runner runner, GuestFiles files, String directory, List<String> targets) {
    var argv = runner.command(targets);
    if (targets.isEmpty()) {
      argv = fitted(runner, files, directory, argv);
    }
    var reports =
        runner == Runner.MAVEN || runner == Runner.GRADLE
            ? Optional.of("TEST-*.xml")
            : Optional.<String>empty();
    return new TestPlan(runner.label(), argv, ENV, reports);
  }

  /**
   * What runs the tests in {@code directory}: by the files that are there.
   *
   * @param pytest whether pytest can be used; asked only when it matters
   */
  public static Optional<Runner> detect(
      GuestFiles files, String directory, BooleanSupplier pytest) {
    var names = names(files, directory);
    if (names.contains("pom.xml")) {
      return Optional.of(Runner.MAVEN);
    }
    if (names.stream().anyMatch(it -> it.matches("(build|settings)\\.gradle(\\.kts)?"))) {
      return Optional.of(Runner.GRADLE);
    }
    if (names.contains("Cargo.toml")) {
      return Optional.of(Runner.CARGO);
    }
    if (names.contains("go.mod")) {
      return Optional.of(Runner.GO);
    }
    return javascript(files, directory, names)
        .or(() -> python(files, directory, names, pytest))
        .or(() -> make(files, directory, names));
  }

  private static Optional<Runner> javascript(
      GuestFiles files, String directory, Set<String> names) {
    if (names.contains("package.json")
        && NPM_TEST.matcher(head(files, directory + "/package.json")).find()) {
      return Optional.of(Runner.NPM);
    }
    return hasTests(files, directory, names, JS_TEST) ? Optional.of(Runner.NODE) : Optional.empty();
  }

  private static Optional<Runner> python(
      GuestFiles files, String directory, Set<String> names, BooleanSupplier pytest) {
    boolean project = names.stream().anyMatch(PYTHON_PROJECT::contains);
    if (!project && !hasTests(files, directory, names, PYTHON_TEST)) {
      return Optional.empty();
    }
    return Optional.of(pytest.getAsBoolean() ? Runner.PYTEST : Runner.UNITTEST);
  }

  private static Optional<Runner> make(GuestFiles files, String directory, Set<String> names) {
    return makefile(names)
            .filter(it -> MAKE_TARGET.matcher(head(files, directory + "/" + it)).find())
            .isPresent()
        ? Optional.of(Runner.MAKE)
        : Optional.empty();
  }

  /** Adapts the standard command to what is in the directory. */
  private static List<String> fitted(
      Runner runner, GuestFiles files, String directory, List<String> argv) {
    var names = names(files, directory);
    if (runner == Runner.UNITTEST) {
      // without an __init__.py, discovery from above does not enter the directory
      for (var below : List.of("tests", "test")) {
        var inside =
            names.contains(below) ? names(files, directory + "/" + below) : Set.<String>of();
        boolean tests = inside.stream().anyMatch(it -> PYTHON_TEST.matcher(it).matches());
        if (tests && !inside.contains("__init__.py")) {
          return List.of("python3", "-m", "unittest", "discover", "-v", "-s", below);
        }
      }
    }
    if (runner == Runner.MAKE) {
      var makefile = makefile(names).map(it -> head(files, directory + "/" + it)).orElse("");
      var target = MAKE_TARGET.matcher(makefile);
      return List.of("make", target.find() ? target.group(1) : "check");
    }
    if (runner == Runner.GRADLE && names.contains("gradlew")) {
      return List.of("sh", "gradlew", "--offline", "--console=plain", "--continue", "test");
    }
    return argv;
  }

  private static boolean hasTests(
      GuestFiles files, String directory, Set<String> names, Pattern pattern) {
    if (names.stream().anyMatch(it -> pattern.matcher(it).matches())) {
      return true;
    }
    return List.of("test", "tests").stream()
        .filter(names::contains)
        .flatMap(it -> names(files, directory + "/" + it).stream())
        .anyMatch(it -> pattern.matcher(it).matches());
  }

  private static Optional<String> makefile(Set<String> names) {
    return List.of("GNUmakefile", "makefile", "Makefile").stream()
        .filter(names::contains)
        .findFirst();
  }

  private static Set<String> names(GuestFiles files, String directory) {
    var entry = directory.equals(".") ? Optional.<FileEntry>empty() : files.stat(directory);
    if (entry.isPresent() && entry.get().kind() == FileEntry.Kind.FILE) {
      return Set.of();
    }
    return files.list(directory, MOST_ENTRIES).stream()
        .map(FileEntry::name)
        .collect(Collectors.toSet());
  }

  private static String head(GuestFiles files, String path) {
    return new String(files.read(path, 0, MANIFEST_BYTES), StandardCharsets.UTF_8);
  }
}
