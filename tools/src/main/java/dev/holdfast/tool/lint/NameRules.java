package dev.holdfast.tool.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Names that a provider refuses, or that say nothing. */
final class NameRules implements Rule {
  /** Anthropic and OpenAI; Gemini wants a letter or `_` first. */
  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  private static final Pattern GEMINI = Pattern.compile("[a-zA-Z_].*");

  /** Clients call a tool of a server `mcp__SERVER__NAME`, with 64 letters for all of it. */
  private static final int LONGEST_BEHIND_MCP = 48;

  /** Words that fit any tool. */
  private static final Set<String> VAGUE =
      Set.of(
          "run",
          "do",
          "execute",
          "exec",
          "process",
          "handle",
          "manage",
          "action",
          "call",
          "use",
          "tool",
          "helper",
          "util",
          "utils",
          "task",
          "data",
          "get",
          "set",
          "query",
          "api",
          "command",
          "perform",
          "invoke",
          "main",
          "misc",
          "stuff",
          "thing",
          "operation",
          "request");

  @Override
  public List<Finding> check(Subject tool) {
    var findings = new ArrayList<Finding>();
    var name = tool.name();
    if (!ALLOWED.matcher(name).matches()) {
      findings.add(
          tool.error(
              "name-refused",
              "name",
              "`%s` is refused by Anthropic and OpenAI".formatted(name),
              "use 1 to 64 letters, digits, `_` and `-`"));
    } else if (!GEMINI.matcher(name).matches()) {
      findings.add(
          tool.error(
              "name-refused",
              "name",
              "`%s` is refused by Gemini".formatted(name),
              "begin it with a letter"));
    } else if (name.length() > LONGEST_BEHIND_MCP) {
      findings.add(
          tool.warning(
              "name-long",
              "name",
              "`%s` has %d letters: with the prefix that MCP clients add it passes their 64"
                  .formatted(name, name.length()),
              "keep it to %d".formatted(LONGEST_BEHIND_MCP)));
    }
    var words = Words.of(name);
    if (!words.isEmpty() && VAGUE.containsAll(words)) {
      findings.add(
          tool.warning(
              "name-vague",
              "name",
              "`%s` fits any tool, so an agent calls it for anything".formatted(name),
              "say what it does to what: `verb_object`, such as `list_deployments`"));
    }
    return findings;
  }
}
