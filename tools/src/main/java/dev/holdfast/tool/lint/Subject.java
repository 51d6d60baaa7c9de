package dev.holdfast.tool.lint;

import dev.holdfast.tool.Effect;
import dev.holdfast.tool.Tool;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.tool.declared.DeclaredTool;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A definition as far as it is known: a foreign one, from another platform or server, says less.
 *
 * @param where the file that it is in, or who brings it
 * @param effects empty when nothing is said of them
 * @param reversible whether it claims that a rollback undoes it
 * @param examples how many it has; empty where its form has no room for examples
 * @param guided whether it says what can fail and what to do then; empty where its form cannot
 * @param command the fixed words of the command that it runs, program first; empty for other tools
 */
public record Subject(
    String where,
    String name,
    String description,
    JsonNode inputSchema,
    Optional<Set<Effect>> effects,
    boolean reversible,
    Optional<Integer> examples,
    Optional<Boolean> guided,
    List<String> command) {
  public Subject {
    command = List.copyOf(command);
  }

  /** A tool of Holdfast, built in or declared. */
  public static Subject of(Tool tool) {
    return tool instanceof DeclaredTool declared
        ? of(declared.definition(), declared.file(), declared.guided(), declared.fixedWords())
        : of(tool.definition(), "built-in", !tool.definition().errors().isEmpty(), List.of());
  }

  private static Subject of(
      ToolDefinition definition, String where, boolean guided, List<String> command) {
    return new Subject(
        where,
        definition.name(),
        definition.description(),
        definition.inputSchema(),
        Optional.of(definition.effects()),
        definition.reversible(),
        Optional.of(definition.examples().size()),
        Optional.of(guided),
        command);
  }

  /**
   * The definitions in a JSON document of another platform: MCP's answer to {@code tools/list}, or
   * the tools of an Anthropic, OpenAI or Gemini request.
   */
  public static List<Subject> foreign(String where, JsonNode document) {
    return definitions(document).map(node -> foreignOne(where, node)).toList();
  }

  private static Stream<JsonNode> definitions(JsonNode node) {
    for (var list : List.of("result", "tools", "functionDeclarations", "function_declarations")) {
      if (node.has(list)) {
        return definitions(node.path(list));
      }
    }
    if (node.isArray()) {
      return node.valueStream().flatMap(Subject::definitions);
    }
    return Stream.of(node.has("function") ? node.path("function") : node);
  }

  private static Subject foreignOne(String where, JsonNode node) {
    var schema =
        Stream.of("inputSchema", "input_schema", "parametersJsonSchema", "parameters")
            .map(node::path)
            .filter(JsonNode::isObject)
            .findFirst()
            .orElse(node.path("inputSchema"));
    return new Subject(
        where,
        node.path("name").asString(""),
        node.path("description").asString(""),
        schema,
        hinted(node.path("annotations")),
        false,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** MCP's hints, where they are given. */
  private static Optional<Set<Effect>> hinted(JsonNode annotations) {
    if (!annotations.has("readOnlyHint")) {
      return Optional.empty();
    }
    var effects = new HashSet<>(Set.of(Effect.READ));
    if (!annotations.path("readOnlyHint").asBoolean(false)) {
      effects.add(Effect.WRITE);
    }
    if (annotations.path("openWorldHint").asBoolean(true)) {
      effects.add(Effect.NETWORK);
    }
    return Optional.of(Set.copyOf(effects));
  }

  Finding error(String rule, String place, String why, String fix) {
    return finding(rule, Severity.ERROR, place, why, fix);
  }

  Finding warning(String rule, String place, String why, String fix) {
    return finding(rule, Severity.WARNING, place, why, fix);
  }

  private Finding finding(String rule, Severity severity, String place, String why, String fix) {
    return new Finding(
        rule, severity, name, place.isEmpty() ? where : where + " " + place, why, fix);
  }
}
