package dev.holdfast.tool.builtin;

import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.WorkbenchSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Checks a project's code without running it. */
final class StaticCheckTool extends BuiltIn {
  private static final int DEFAULT_SECONDS = 300;
  private static final int MOST_FINDINGS = 200;
  private static final int MOST_FILES = 1_000;
  private static final int MOST_CHARACTERS = 500;
  private static final int NOT_FOUND = 127;
  private static final Map<String, String> ENV =
      Map.of("NO_COLOR", "1", "PYTHONDONTWRITEBYTECODE", "1", "LC_ALL", "C.UTF-8");
  private static final List<String> FIND =
      List.of(
          "sh",
          "-c",
          "find . -type d '(' -name .git -o -name node_modules -o -name target -o -name .venv"
              + " -o -name venv -o -name vendor ')' -prune -o -type f '(' -name '*.py'"
              + " -o -name '*.sh' -o -name '*.js' -o -name '*.mjs' -o -name '*.cjs'"
              + " -o -path ./go.mod -o -path ./Cargo.toml -o -path ./pom.xml ')' -print0");
  private static final Pattern SEVERITY =
      Pattern.compile("(?:fatal )?(error|warning|note|invalid-syntax)(?:\\[(\\w+)\\])?: ");
  private static final Pattern RULE = Pattern.compile("^([A-Z]+\\d+) | \\[(\\w+)\\]$");

  StaticCheckTool() {
    super("static_check");
  }

  @Override
  Reach reach(Input input) {
    return Reach.ofPaths(List.of(input.path("directory")));
  }

  @Override
  JsonNode call(ToolContext context, Input input) {
    var directory = input.path("directory");
    WorkspacePath.requireExisting(context.workbench().files(), directory);
    var check = new Check(context, directory, input.number("timeout_seconds", DEFAULT_SECONDS));
    check.all(input.flag("build"));
    return check.output();
  }

  /** One call. */
  private record Check(
      ToolContext context,
      String directory,
      int seconds,
      List<String> checks,
      List<ObjectNode> findings,
      List<String> skipped) {
    Check(ToolContext context, String directory, int seconds) {
      this(context, directory, seconds, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void all(boolean build) {
      var files = List.of(run(FIND).text().split("\0", -1));
      var python = named(files, "python", ".+\\.py");
      if (!python.isEmpty()) {
        first("python", List.of(Checker.ruff(), Checker.python(python)));
      }
      var scripts = named(files, "shell", ".+\\.sh");
      if (!scripts.isEmpty()) {
        first("shell", List.of(Checker.shellcheck(scripts), Checker.shell(scripts)));
      }
      var javascript = named(files, "javascript", ".+\\.[cm]?js");
      if (!javascript.isEmpty()) {
        first("javascript", List.of(Checker.node(javascript)));
      }
      if (files.contains("./go.mod")) {
        first("go", List.of(Checker.go()));
      }
      if (files.contains("./Cargo.toml")) {
        first("rust", List.of(Checker.cargo()));
      }
      if (files.contains("./pom.xml")) {
        maven(build);
      }
      if (checks.isEmpty() && skipped.isEmpty()) {
        skipped.add("there is nothing of a known kind to check in `%s`".formatted(directory));
      }
    }

    private void maven(boolean build) {
      if (build) {
        first("java", List.of(Checker.maven()));
      } else {
        skipped.add("java: compiled by Maven only with build true");
      }
    }

    private List<String> named(List<String> files, String language, String pattern) {
      var all = files.stream().filter(it -> it.matches("(?s)" + pattern)).sorted().toList();
      if (all.size() > MOST_FILES) {
        skipped.add("%s: %d files of %d".formatted(language, all.size() - MOST_FILES, all.size()));
      }
      return all.stream().limit(MOST_FILES).toList();
    }

    /** Runs the first of these that is there. */
    private void first(String language, List<Checker> checkers) {
      for (var checker : checkers) {
        context.progress().accept("checking with " + checker.name());
        var said = run(checker.argv());
        if (said.exit() != NOT_FOUND) {
          read(checker, said);
          return;
        }
      }
      skipped.add("%s: %s is not here".formatted(language, checkers.getLast().name()));
    }

    /** What a program wrote; a missing one ends as in a shell. */
    private record Said(int exit, String text) {}

    private Said run(List<String> argv) {
      var where = directory.equals(".") ? "" : "/" + directory;
      var spec =
          Programs.spec(context, argv)
              .withEnv(ENV)
              .withDirectory(WorkbenchSpec.WORKSPACE + where)
              .withWallTime(Programs.within(context, seconds));
      var result = context.workbench().exec(spec);
      if (result.end() instanceof End.NotStarted) {
        return new Said(NOT_FOUND, "");
      }
      var ended = Programs.ended(result, spec);
      return new Said(
          Programs.exitCode(ended.end()), ended.stdoutText() + "\n" + ended.stderrText());
    }

    /** A checker that fails without a finding did not check. */
    private void read(Checker checker, Said said) {
      int before = findings.size();
      var matcher = checker.finding().matcher(said.text());
      while (matcher.find() && findings.size() <= MOST_FINDINGS) {
        findings.add(finding(checker, matcher));
      }
      if (said.exit() != 0 && findings.size() == before) {
        skipped.add(
            "%s: ended with %d: %s"
                .formatted(
                    checker.name(), said.exit(), Clip.tail(said.text().strip(), MOST_CHARACTERS)));
      } else {
        checks.add(checker.name());
      }
    }

    private ObjectNode finding(Checker checker, Matcher matcher) {
      var message = matcher.group("message").strip();
      var severity = checker.severity();
      var stated = SEVERITY.matcher(message);
      if (stated.lookingAt()) {
        severity = stated.group().matches(".*(error|invalid).*") ? "error" : "warning";
        message = message.substring(stated.end());
      }
      var node =
          JsonNodeFactory.instance
              .objectNode()
              .put("file", file(matcher.group("file")))
              .put("line", Integer.parseInt(matcher.group("line")))
              .put("message", Clip.head(message, MOST_CHARACTERS))
              .put("severity", severity)
              .put("checker", checker.name());
      var rule = RULE.matcher(message);
      if (rule.find()) {
        node.put("rule", rule.group().strip().replaceAll("[\\[\\]]", ""));
      }
      return node;
    }

    private String file(String written) {
      return WorkspacePath.of(written.startsWith("/") ? written : directory + "/" + written);
    }

    ObjectNode output() {
      var output = JsonNodeFactory.instance.objectNode();
      var checked = output.putArray("checks");
      checks.forEach(checked::add);
      var found = output.putArray("findings");
      findings.stream().limit(MOST_FINDINGS).forEach(found::add);
      var left = output.putArray("skipped");
      skipped.forEach(left::add);
      return output.put("clipped", findings.size() > MOST_FINDINGS);
    }
  }
}
