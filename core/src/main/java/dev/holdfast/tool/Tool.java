package dev.holdfast.tool;

import tools.jackson.databind.JsonNode;

/** A tool that can be called. Stateless: everything about the run comes with the context. */
public interface Tool {
  ToolDefinition definition();

  /**
   * What this call would touch, for the policy to decide on; computed from the input alone.
   *
   * @param input valid against the definition's input schema
   */
  Reach reach(JsonNode input);

  /**
   * Does it.
   *
   * @return the output, valid against the definition's output schema
   * @throws ToolFault with an error for the model
   */
  JsonNode call(ToolContext context, JsonNode input);
}
