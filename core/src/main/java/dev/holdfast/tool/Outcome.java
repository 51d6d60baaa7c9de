package dev.holdfast.tool;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** How a tool call ended. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Outcome.Completed.class, name = "completed"),
  @JsonSubTypes.Type(value = Outcome.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = Outcome.TimedOut.class, name = "timed_out"),
  @JsonSubTypes.Type(value = Outcome.Killed.class, name = "killed"),
  @JsonSubTypes.Type(value = Outcome.Refused.class, name = "refused"),
})
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
