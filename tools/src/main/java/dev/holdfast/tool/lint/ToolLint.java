package dev.holdfast.tool.lint;

import java.util.ArrayList;
import java.util.List;

/** Checks definitions, one by one and against each other. */
public final class ToolLint {
  private static final List<Rule> RULES =
      List.of(new NameRules(), new DescriptionRules(), new SchemaRules(), new EffectRules());

  private ToolLint() {}

  /** Everything that is wrong with {@code tools}, which an agent is given together. */
  public static List<Finding> check(List<Subject> tools) {
    var findings = new ArrayList<Finding>();
    for (var tool : tools) {
      RULES.forEach(rule -> findings.addAll(rule.check(tool)));
    }
    findings.addAll(ToolsetRules.check(tools));
    return List.copyOf(findings);
  }
}
