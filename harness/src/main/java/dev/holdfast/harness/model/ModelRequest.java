package dev.holdfast.harness.model;

import dev.holdfast.tool.CallId;
import dev.holdfast.tool.ToolDefinition;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A question to a model.
 *
 * @param turn the loop's turn that this is, from 1
 * @param attempt how often this model is asked in this turn, from 1
 * @param messages the whole conversation, system prompt first; every assistant message with calls
 *     is followed by the results of all of them
 * @param callIds names the calls of the answer by their index; what the provider calls them is
 *     dropped, since a provider may repeat or leave out its ids
 */
public record ModelRequest(
    int turn,
    int attempt,
    List<Message> messages,
    List<ToolDefinition> tools,
    int maxOutputTokens,
    IntFunction<CallId> callIds) {
  public ModelRequest {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
  }
}
