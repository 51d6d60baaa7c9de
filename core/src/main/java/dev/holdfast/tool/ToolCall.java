package dev.holdfast.tool;

import tools.jackson.databind.JsonNode;

/**
 * An agent's request to use a tool.
 *
 * @param id names the call within its run; a second call with the same id is the same call, and is
 *     answered with the first one's outcome
 */
public record ToolCall(CallId id, String tool, JsonNode input) {}
