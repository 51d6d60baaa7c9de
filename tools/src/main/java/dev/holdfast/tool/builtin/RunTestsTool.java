package dev.holdfast.tool.builtin;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.testrun.JUnitXml;
import dev.holdfast.tool.testrun.Runner;
import dev.holdfast.tool.testrun.TestOutput;
import dev.holdfast.tool.testrun.TestPlan;
import dev.holdfast.tool.testrun.TestReport;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.WorkbenchSpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Runs a project's tests. */
final class RunTestsTool extends BuiltIn {
  private static final int DEFAULT_SECONDS = 600;
  private static final int MOST_FAILURES = 50;
  private static final int MOST_REPORTS = 2_000;
  private static final int SHOWN_CHARACTERS = 6_000;

  RunTestsTool() {
    super("run_tests");
  }

  @Override
  Reach reach(Input input) {
    return new Reach(List.of(input.path("directory")), List.of(), "", input.texts("command"));
  }

  @Override
  JsonNode call(ToolContext context, Input input) {
    var directory = input.path("directory");
    WorkspacePath.requireExisting(context.workbench().files(), directory);
    var plan = plan(context, input, directory);
    context.progress().accept("running " + String.join(" ", plan.argv()));
    var stamp = plan.reports().map(_ -> stamp(context));
    var seconds = input.number("timeout_seconds", DEFAULT_SECONDS);
    var spec =
        Programs.spec(context, plan.argv())
            .withEnv(plan.env())
            .withDirectory(inside(directory))
            .withWallTime(Programs.within(context, seconds));
    var result = Programs.run(context, spec);
    var report =
        stamp
            .flatMap(it -> reports(context, directory, plan.reports().orElseThrow(), it))
            .or(() -> TestOutput.read(result.stdoutText() + "\n" + result.stderrText()));
    return output(plan, result, report);
  }

  private static String inside(String directory) {
    return directory.equals(".")
        ? WorkbenchSpec.WORKSPACE
        : WorkbenchSpec.WORKSPACE + "/" + directory;
  }

  private static TestPlan plan(ToolContext context, Input input, String directory) {
    if (input.has("command")) {
      return TestPlan.custom(input.texts("command"));
    }
    var files = context.workbench().files();
    var runner =
        input.has("runner")
            ? Optional.of(Runner.valueOf(input.text("runner").toUpperCase(Locale.ROOT)))
            : TestPlan.detect(files, directory, () -> hasPytest(context));
    return TestPlan.of(
        runner.orElseThrow(() -> nothing(directory)), files, directory, input.texts("targets"));
  }

  private static boolean hasPytest(ToolContext context) {
    var spec = Programs.spec(context, List.of("python3", "-c", "import pytest"));
    return context.workbench().exec(spec).succeeded();
  }

  private static ToolFault nothing(String directory) {
    return new ToolFault(
        ErrorCode.NOT_FOUND,
        "no tests of a known kind are in `%s`".formatted(directory),
        "give the directory of the project, a runner, or a command");
  }

  /** A file in the workbench that is older than every report of this run. */
  private static String stamp(ToolContext context) {
    var stamp = "/tmp/tests-%s".formatted(context.call());
    Programs.run(context, Programs.spec(context, List.of("touch", stamp)));
    return stamp;
  }

  /** The sum of the reports that are newer than {@code stamp}. */
  private static Optional<TestReport> reports(
      ToolContext context, String directory, String pattern, String stamp) {
    var find = List.of("find", ".", "-type", "f", "-name", pattern, "-newer", stamp, "-print0");
    ExecSpec spec = Programs.spec(context, find).withDirectory(inside(directory));
    var found = Programs.run(context, spec).stdoutText();
    return List.of(found.split("\0", -1)).stream()
        .filter(path -> !path.isEmpty())
        .limit(MOST_REPORTS)
        .map(path -> WorkspacePath.of(directory + "/" + path))
        .flatMap(path -> report(context, directory, path).stream())
        .reduce(TestReport::plus);
  }

  private static Optional<TestReport> report(ToolContext context, String directory, String path) {
    var files = context.workbench().files();
    int build = Math.max(path.lastIndexOf("target/"), path.lastIndexOf("build/"));
    var module = build < 0 ? directory : path.substring(0, build);
    return JUnitXml.read(TextFile.bytes(files, path))
        .map(report -> TestSources.located(files, module, report));
  }

  private static JsonNode output(
      TestPlan plan, ExecResult result, Optional<TestReport> recognised) {
    int exit = Programs.exitCode(result.end());
    var report = recognised.orElse(TestReport.NONE);
    var verdict = verdict(exit, recognised);
    var output =
        JsonNodeFactory.instance
            .objectNode()
            .put("runner", plan.runner())
            .put("command", String.join(" ", plan.argv()))
            .put("verdict", verdict)
            .put("exit_code", exit)
            .put("passed", report.passed())
            .put("failed", report.failed())
            .put("skipped", report.skipped());
    var failures = output.putArray("failures");
    for (var failure : report.failures().stream().limit(MOST_FAILURES).toList()) {
      var node = failures.addObject().put("name", failure.name());
      if (!failure.file().isEmpty()) {
        node.put("file", failure.file());
      }
      if (failure.line() > 0) {
        node.put("line", failure.line());
      }
      node.put("message", failure.message());
    }
    if (!verdict.equals("passed") || recognised.isEmpty()) {
      output.put("output", said(result));
    }
    return output.put("duration_ms", result.use().wall().toMillis());
  }

  private static String said(ExecResult result) {
    return Clip.tail(result.stdoutText() + result.stderrText(), SHOWN_CHARACTERS);
  }

  /** The exit code counts: a framework that says all is well and then fails did not pass. */
  private static String verdict(int exit, Optional<TestReport> report) {
    if (report.isPresent() && report.get().failed() > 0) {
      return "failed";
    }
    boolean ran = report.map(it -> it.total() > 0).orElse(exit == 0);
    if (!ran) {
      return report.isPresent() ? "no_tests" : "broken";
    }
    return exit == 0 ? "passed" : "broken";
  }
}
