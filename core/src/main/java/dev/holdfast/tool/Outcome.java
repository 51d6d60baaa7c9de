package dev.holdfast.tool;

import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** How a tool call ended. */
public sealed interface Outcome {
  /** It did what was asked. {@code clipped}: the output was longer than the tool's limit. */
  record Completed(JsonNode output, boolean clipped) implements Outcome {}

  /** It was tried and failed. */
  record Failed(ToolError error) implements Outcome {}

  /** It took longer than {@code limit} and was ended. {@code partial} is what it had said. */
  record TimedOut(Duration limit, String partial) implements Outcome {}

  /** It was ended by a cap, a person or a switch. */
  record Killed(ToolError error, String partial) implements Outcome {}

  /** It was not tried. */
  record Refused(ToolError error) implements Outcome {}
}
