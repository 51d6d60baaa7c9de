package dev.holdfast.harness.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.ToolCall;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** One message of a conversation with a model. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "role")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Message.Instructions.class, name = "system"),
  @JsonSubTypes.Type(value = Message.User.class, name = "user"),
  @JsonSubTypes.Type(value = Message.Assistant.class, name = "assistant"),
  @JsonSubTypes.Type(value = Message.ToolResults.class, name = "tool_results"),
})
public sealed interface Message {
  /** The system prompt; always the first message and the only one of its kind. */
  record Instructions(String text) implements Message {}

  /** From the person, or from Holdfast in their place. */
  record User(String text) implements Message {}

  /**
   * From the model.
   *
   * @param continuation what its provider wants back with the next request
   */
  record Assistant(
      String text, List<ToolCall> calls, Finish finish, Optional<Continuation> continuation)
      implements Message {
    public Assistant {
      calls = List.copyOf(calls);
    }

    /**
     * Whether the model says that it is not sure: a line of its text begins with {@code UNSURE:},
     * as the system prompt tells it to.
     */
    @JsonIgnore
    public boolean unsure() {
      return text.lines().anyMatch(line -> line.strip().startsWith("UNSURE:"));
    }
  }

  /** The results of every call of the assistant message before it, in its order. */
  record ToolResults(List<ToolResult> results) implements Message {
    public ToolResults {
      results = List.copyOf(results);
    }
  }

  /** One call's result, as the model reads it. */
  record ToolResult(CallId call, String tool, String text, boolean failed) {}

  /** Why an answer ended. */
  enum Finish {
    /** The model ended its turn. */
    END,
    /** It waits for the results of its calls. */
    TOOL_CALLS,
    /** It reached the limit on output tokens. */
    LENGTH
  }

  /**
   * Opaque state of a provider, such as signed or encrypted reasoning. It is sent back to the model
   * that made it and to no other.
   */
  record Continuation(String model, JsonNode data) {}
}
