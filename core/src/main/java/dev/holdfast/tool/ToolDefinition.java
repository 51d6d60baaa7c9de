package dev.holdfast.tool;

import dev.holdfast.run.Ids;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A tool, as agents and policies see it.
 *
 * @param name lower snake case
 * @param version semantic version; a change of the input schema changes it
 * @param description for a model: what it does, when to use it, what it returns
 * @param inputSchema JSON Schema 2020-12 of an object
 * @param outputSchema JSON Schema 2020-12
 * @param errors the codes it can fail with, beyond those that every call can
 * @param idempotent whether calling it again with the same input changes nothing more
 * @param reversible whether a rollback of the workspace undoes all it did
 * @param boundary one line: where its power ends
 */
public record ToolDefinition(
    String name,
    String version,
    String description,
    JsonNode inputSchema,
    JsonNode outputSchema,
    List<ErrorCode> errors,
    Set<Effect> effects,
    boolean idempotent,
    boolean reversible,
    String boundary,
    ToolLimits limits,
    List<ToolExample> examples) {
  public ToolDefinition {
    Ids.require("tool name", name, "[a-z][a-z0-9_]{0,63}");
    errors = List.copyOf(errors);
    effects = Set.copyOf(effects);
    examples = List.copyOf(examples);
  }

  /** An input, and what the call answers. */
  public record ToolExample(JsonNode input, JsonNode output) {}
}
