package dev.holdfast.tool.testrun;

import java.util.ArrayList;
import java.util.List;

/**
 * What a test run said.
 *
 * @param failed failed tests and tests in error
 * @param failures as far as they were described; may be fewer than {@code failed}
 */
public record TestReport(int passed, int failed, int skipped, List<Failure> failures) {
  /** Nothing ran. */
  public static final TestReport NONE = new TestReport(0, 0, 0, List.of());

  private static final int MOST_MESSAGE_CHARACTERS = 2_000;

  public TestReport {
    failures = List.copyOf(failures);
  }

  /**
   * A test that failed.
   *
   * @param file relative to the workspace where known, else as the framework wrote it; may be empty
   * @param line 0 when unknown
   */
  public record Failure(String name, String file, int line, String message) {
    public Failure {
      file = file.startsWith("/workspace/") ? file.substring("/workspace/".length()) : file;
      file = file.startsWith("./") ? file.substring(2) : file;
      message = message.strip();
      if (message.length() > MOST_MESSAGE_CHARACTERS) {
        message = message.substring(0, MOST_MESSAGE_CHARACTERS) + "…";
      }
    }
  }

  public int total() {
    return passed + failed + skipped;
  }

  /** Both together. */
  public TestReport plus(TestReport other) {
    var all = new ArrayList<>(failures);
    all.addAll(other.failures);
    return new TestReport(
        passed + other.passed, failed + other.failed, skipped + other.skipped, all);
  }
}
