package dev.holdfast.tool.builtin;

import dev.holdfast.tool.testrun.TestReport;
import dev.holdfast.tool.testrun.TestReport.Failure;
import dev.holdfast.workbench.GuestFiles;
import java.util.List;

/** Finds the source files of tests that a report names by their package alone. */
final class TestSources {
  private static final List<String> ROOTS =
      List.of("src/test/java/", "src/test/kotlin/", "src/test/groovy/", "src/it/java/", "");

  private TestSources() {}

  /** The report with its files relative to the workspace, where they are in {@code module}. */
  static TestReport located(GuestFiles files, String module, TestReport report) {
    return new TestReport(
        report.passed(),
        report.failed(),
        report.skipped(),
        report.failures().stream().map(it -> located(files, module, it)).toList());
  }

  private static Failure located(GuestFiles files, String module, Failure failure) {
    if (failure.file().isEmpty() || failure.file().contains("..")) {
      return failure;
    }
    for (var root : ROOTS) {
      var path = WorkspacePath.of(module + "/" + root + failure.file());
      if (!path.startsWith("/") && files.stat(path).isPresent()) {
        return new Failure(failure.name(), path, failure.line(), failure.message());
      }
    }
    return failure;
  }
}
