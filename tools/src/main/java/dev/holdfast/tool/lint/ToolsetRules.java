package dev.holdfast.tool.lint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tools that get in each other's way. */
final class ToolsetRules {
  /** OpenAI refuses more. */
  private static final int REFUSED_ABOVE = 128;

  /** Choosing right gets rare beyond this. */
  private static final int MANY = 40;

  private ToolsetRules() {}

  static List<Finding> check(List<Subject> tools) {
    var findings = new ArrayList<Finding>();
    Map<String, Subject> names = new HashMap<>();
    Map<String, Subject> meanings = new HashMap<>();
    Map<String, Subject> descriptions = new HashMap<>();
    for (var tool : tools) {
      var same = names.putIfAbsent(tool.name().toLowerCase(Locale.ROOT), tool);
      var alike = meanings.putIfAbsent(Words.meaning(tool.name()), tool);
      var told = descriptions.putIfAbsent(opening(tool), tool);
      if (same != null) {
        findings.add(
            tool.error(
                "name-duplicate",
                "name",
                "`%s` is also the name of a tool of %s".formatted(tool.name(), same.where()),
                "give each tool a name of its own"));
      } else if (alike != null) {
        findings.add(
            tool.warning(
                "name-similar",
                "name",
                "agents will take `%s` for `%s`".formatted(tool.name(), alike.name()),
                "let the names say how the tools differ, or make one tool of them"));
      }
      if (told != null && same == null && !opening(tool).isEmpty()) {
        findings.add(
            tool.warning(
                "description-duplicate",
                "description",
                "it begins as that of `%s`: agents cannot tell when to use which"
                    .formatted(told.name()),
                "say in the first sentence how they differ"));
      }
    }
    count(tools, findings);
    return findings;
  }

  private static void count(List<Subject> tools, List<Finding> findings) {
    if (tools.size() > MANY) {
      var severity = tools.size() > REFUSED_ABOVE ? Severity.ERROR : Severity.WARNING;
      findings.add(
          new Finding(
              "too-many-tools",
              severity,
              "",
              "toolset",
              "%d tools in one set: agents choose wrongly above about %d, and OpenAI refuses more than %d"
                  .formatted(tools.size(), MANY, REFUSED_ABOVE),
              "give each agent only the tools of its task"));
    }
  }

  /** The first sentence, without case and punctuation. */
  private static String opening(Subject tool) {
    var sentence = tool.description().strip().split("[.\\n]", 2)[0];
    return sentence.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", " ").strip();
  }
}
