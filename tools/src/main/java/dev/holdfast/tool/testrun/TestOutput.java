package dev.holdfast.tool.testrun;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads what a test run wrote, whatever framework it was. */
public final class TestOutput {
  /** Formats with a signature of their own before those that only look alike. */
  private static final List<Function<String, Optional<TestReport>>> FORMATS =
      List.of(
          GoOutput::read,
          CargoOutput::read,
          UnittestOutput::read,
          PytestOutput::read,
          NodeSpecOutput::read,
          JestOutput::read,
          MochaOutput::read,
          TapOutput::read,
          MavenOutput::read,
          AutomakeOutput::read);

  private TestOutput() {}

  /** The report in {@code output}; empty when no framework is recognised. */
  public static Optional<TestReport> read(String output) {
    return FORMATS.stream()
        .map(format -> format.apply(output))
        .flatMap(Optional::stream)
        .findFirst();
  }
}
