package dev.holdfast.tool.lint;

import java.util.ArrayList;
import java.util.List;

/** What a model is told: the description, examples, and what to do when a call fails. */
final class DescriptionRules implements Rule {
  private static final int FEWEST_WORDS = 8;

  @Override
  public List<Finding> check(Subject tool) {
    var findings = new ArrayList<Finding>();
    description(tool, findings);
    if (tool.examples().filter(count -> count == 0).isPresent()) {
      findings.add(
          tool.warning(
              "no-examples",
              "examples",
              "without an example an agent guesses the form of the input and of the answer",
              "add `examples` with one `input` and its `output`"));
    }
    if (tool.guided().filter(guided -> !guided).isPresent()) {
      findings.add(
          tool.warning(
              "no-error-guidance",
              "on_failure",
              "when it fails, an agent is not told what to do and tries the same again",
              "say what to check or change then: `on_failure` of a declared tool"));
    }
    return findings;
  }

  private static void description(Subject tool, List<Finding> findings) {
    var words = tool.description().strip().split("\\s+", -1);
    if (tool.description().isBlank()) {
      findings.add(
          tool.error(
              "description-missing",
              "description",
              "an agent chooses tools by their description, and this one has none",
              "say what it does, when to use it and what it returns"));
    } else if (words.length < FEWEST_WORDS) {
      findings.add(
          tool.warning(
              "description-short",
              "description",
              "%d words do not say when to use it and what it returns".formatted(words.length),
              "say what it does, when to use it rather than another tool, and what it returns"));
    }
  }
}
