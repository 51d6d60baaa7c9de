package dev.holdfast.harness;

import dev.holdfast.run.Intake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The system prompt: a text of the build with the run's facts filled in. */
final class SystemPrompt {
  private static final String FILE = "system-prompt.md";

  private SystemPrompt() {}

  static String of(Intake intake) {
    var text = template();
    for (var fact : facts(intake).entrySet()) {
      text = text.replace("{{" + fact.getKey() + "}}", fact.getValue());
    }
    return text;
  }

  /** Only values that Holdfast made or checked: what a person typed is in the task, not here. */
  private static Map<String, String> facts(Intake intake) {
    return Map.of(
        "branch", intake.branch(),
        "base", intake.base().toString(),
        "risk", intake.riskTier().name().toLowerCase(java.util.Locale.ROOT),
        "scenario", scenario(intake));
  }

  private static String scenario(Intake intake) {
    return switch (intake.scenario()) {
      case ASSIST ->
          "A person watches you work. When something is unclear and it matters, ask them with `ask_person`.";
      case AUTONOMOUS ->
          "Nobody watches you: a person gave you the task and comes back for the result. Decide small things yourself and say in the end what you decided. `ask_person` may find nobody.";
    };
  }

  private static String template() {
    try (var in = SystemPrompt.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the system prompt is missing from this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
