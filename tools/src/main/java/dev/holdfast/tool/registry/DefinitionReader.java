package dev.holdfast.tool.registry;

import dev.holdfast.tool.Effect;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.tool.ToolDefinition.ToolExample;
import dev.holdfast.tool.ToolLimits;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Reads a definition from its declared form: the fields of {@link ToolDefinition} in snake case.
 */
public final class DefinitionReader {
  private DefinitionReader() {}

  /**
   * Reads a definition.
   *
   * @throws IllegalArgumentException naming the field that is missing or not allowed
   */
  public static ToolDefinition read(JsonNode node) {
    return new ToolDefinition(
        text(node, "name"),
        text(node, "version"),
        text(node, "description").strip(),
        required(node, "input_schema"),
        required(node, "output_schema"),
        node.path("errors").valueStream().map(it -> named(ErrorCode.class, it)).toList(),
        required(node, "effects")
            .valueStream()
            .map(it -> named(Effect.class, it))
            .collect(Collectors.toSet()),
        required(node, "idempotent").asBoolean(),
        required(node, "reversible").asBoolean(),
        text(node, "boundary").strip(),
        limits(node.path("limits")),
        examples(node.path("examples")));
  }

  /** The limits of a declaration; what is not given is {@link ToolLimits#DEFAULT}. */
  public static ToolLimits limits(JsonNode node) {
    var standard = ToolLimits.DEFAULT;
    return new ToolLimits(
        Duration.ofSeconds(node.path("seconds").asLong(standard.time().toSeconds())),
        node.path("output_bytes").asInt(standard.outputBytes()));
  }

  /** The examples of a declaration. */
  public static List<ToolExample> examples(JsonNode node) {
    return node.valueStream()
        .map(it -> new ToolExample(required(it, "input"), required(it, "output")))
        .toList();
  }

  /** The constant of an enum that {@code node} names in lower case. */
  public static <E extends Enum<E>> E named(Class<E> type, JsonNode node) {
    for (var constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(node.asString(""))) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        "`%s` is not allowed here: it is one of %s"
            .formatted(node.asString(""), List.of(type.getEnumConstants()))
            .toLowerCase(Locale.ROOT));
  }

  private static JsonNode required(JsonNode node, String field) {
    var value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      throw new IllegalArgumentException("`%s` is missing".formatted(field));
    }
    return value;
  }

  private static String text(JsonNode node, String field) {
    var value = required(node, field);
    if (!value.isString()) {
      throw new IllegalArgumentException("`%s` must be text".formatted(field));
    }
    return value.asString();
  }
}
