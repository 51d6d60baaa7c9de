package dev.holdfast.tool.export;

import dev.holdfast.tool.Effect;
import dev.holdfast.tool.ToolDefinition;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a definition in a provider's form. */
public final class ToolExport {
  /** What Gemini's {@code Schema} knows of JSON Schema; other keywords make it refuse the tool. */
  private static final List<String> GEMINI =
      List.of(
          "description",
          "enum",
          "minimum",
          "maximum",
          "minItems",
          "maxItems",
          "minLength",
          "maxLength",
          "pattern",
          "required");

  private ToolExport() {}

  /** Anthropic Messages API: an entry of {@code tools}. */
  public static ObjectNode anthropic(ToolDefinition definition) {
    var tool = named(definition);
    tool.set("input_schema", definition.inputSchema());
    return tool;
  }

  /** OpenAI Responses API: an entry of {@code tools}. Not strict: optional parameters stay so. */
  public static ObjectNode openai(ToolDefinition definition) {
    var tool = JsonNodeFactory.instance.objectNode().put("type", "function");
    tool.setAll(named(definition));
    tool.set("parameters", definition.inputSchema());
    return tool.put("strict", false);
  }

  /** OpenAI Chat Completions API and what is compatible with it: an entry of {@code tools}. */
  public static ObjectNode openaiChat(ToolDefinition definition) {
    var tool = JsonNodeFactory.instance.objectNode().put("type", "function");
    var function = named(definition);
    function.set("parameters", definition.inputSchema());
    tool.set("function", function);
    return tool;
  }

  /** Gemini API: an entry of {@code functionDeclarations}. */
  public static ObjectNode gemini(ToolDefinition definition) {
    var tool = named(definition);
    // an object without properties is refused: a tool without parameters has none at all
    if (!definition.inputSchema().path("properties").isEmpty()) {
      tool.set("parameters", gemini(definition.inputSchema()));
    }
    return tool;
  }

  /** Model Context Protocol: an entry of {@code tools/list}. */
  public static ObjectNode mcp(ToolDefinition definition) {
    var tool = named(definition);
    tool.set("inputSchema", definition.inputSchema());
    tool.set("outputSchema", definition.outputSchema());
    var effects = definition.effects();
    boolean changes = effects.contains(Effect.WRITE) || effects.contains(Effect.NETWORK);
    tool.putObject("annotations")
        .put("readOnlyHint", !changes)
        .put("destructiveHint", changes && !definition.reversible())
        .put("idempotentHint", definition.idempotent())
        .put("openWorldHint", effects.contains(Effect.NETWORK));
    return tool;
  }

  private static ObjectNode named(ToolDefinition definition) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", definition.name())
        .put("description", definition.description());
  }

  private static ObjectNode gemini(JsonNode schema) {
    var output = JsonNodeFactory.instance.objectNode();
    output.put("type", schema.path("type").asString("string").toUpperCase(Locale.ROOT));
    for (var keyword : GEMINI) {
      if (schema.has(keyword)) {
        output.set(keyword, schema.path(keyword));
      }
    }
    if (schema.path("properties").isObject()) {
      var properties = output.putObject("properties");
      for (var property : schema.path("properties").properties()) {
        properties.set(property.getKey(), gemini(property.getValue()));
      }
    }
    if (schema.path("items").isObject()) {
      output.set("items", gemini(schema.path("items")));
    }
    return output;
  }
}
