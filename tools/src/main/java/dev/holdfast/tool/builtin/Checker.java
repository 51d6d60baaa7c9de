package dev.holdfast.tool.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A program that checks code and writes findings.
 *
 * @param name as findings name it
 * @param finding what a finding looks like in its output, with the groups file, line and message
 * @param severity of a finding that does not say its own
 */
record Checker(String name, List<String> argv, Pattern finding, String severity) {
  private static final Pattern USUAL =
      Pattern.compile(
          "^(?:vet: )?(?<file>[^\\s:][^:\\n]*):(?<line>\\d{1,9}):(?:\\d+:)? (?<message>.+)$",
          Pattern.MULTILINE);
  private static final Pattern SHELL =
      Pattern.compile(
          "^(?<file>[^\\s:][^:\\n]*): (?:line )?(?<line>\\d{1,9}): (?<message>.+)$",
          Pattern.MULTILINE);
  private static final Pattern NODE =
      Pattern.compile(
          "^(?<file>/[^:\\n]*):(?<line>\\d{1,9})\\n(?:.*\\n){1,5}?(?<message>\\w*Error: .+)$",
          Pattern.MULTILINE);
  private static final Pattern MAVEN =
      Pattern.compile(
          "^\\[ERROR\\] (?<file>/[^:\\n]*):\\[(?<line>\\d{1,9}),\\d+\\] (?<message>.+)$",
          Pattern.MULTILINE);

  /** Compiles without a trace on disk; pyflakes looks at what compiles, where there is one. */
  private static final String PYTHON =
      """
      import sys
      try:
          from pyflakes.api import checkPath
      except ImportError:
          checkPath = lambda path: None
      for path in sys.argv[1:]:
          try:
              compile(open(path, "rb").read(), path, "exec", dont_inherit=True)
              checkPath(path)
          except SyntaxError as e:
              print(f"{path}:{e.lineno or 1}: error: {e.msg}", flush=True)
          except (OSError, ValueError) as e:
              print(f"{path}:1: error: {e}", flush=True)
      """;

  /** Reads each script with the shell that its first line names. */
  private static final String SHELLS =
      "for f; do if head -n 1 \"$f\" | grep -q bash; then bash -n \"$f\"; else sh -n \"$f\"; fi;"
          + " done; true";

  private static final String NODES =
      "command -v node >/dev/null || exit 127; for f; do node --check \"$f\"; done; true";

  static Checker ruff() {
    return new Checker(
        "ruff",
        List.of("ruff", "check", "--no-cache", "--quiet", "--output-format", "concise", "."),
        USUAL,
        "warning");
  }

  static Checker python(List<String> files) {
    return new Checker("python", with(files, "python3", "-I", "-c", PYTHON), USUAL, "warning");
  }

  static Checker shellcheck(List<String> files) {
    return new Checker("shellcheck", with(files, "shellcheck", "-f", "gcc"), USUAL, "warning");
  }

  static Checker shell(List<String> files) {
    return new Checker("sh", with(files, "sh", "-c", SHELLS, "sh"), SHELL, "error");
  }

  static Checker node(List<String> files) {
    return new Checker("node", with(files, "sh", "-c", NODES, "sh"), NODE, "error");
  }

  static Checker go() {
    return new Checker("go", List.of("go", "vet", "./..."), USUAL, "warning");
  }

  static Checker cargo() {
    return new Checker(
        "cargo",
        List.of("cargo", "check", "--offline", "--quiet", "--message-format", "short"),
        USUAL,
        "error");
  }

  static Checker maven() {
    return new Checker("maven", List.of("mvn", "-o", "-q", "-B", "compile"), MAVEN, "error");
  }

  private static List<String> with(List<String> files, String... argv) {
    var all = new ArrayList<>(List.of(argv));
    all.addAll(files);
    return all;
  }
}
