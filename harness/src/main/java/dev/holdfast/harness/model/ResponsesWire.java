package dev.holdfast.harness.model;

import dev.holdfast.tool.ToolCall;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A request in the form of OpenAI's Responses API. */
final class ResponsesWire {
  private ResponsesWire() {}

  static String instructions(List<Message> messages) {
    return messages.stream()
        .filter(Message.Instructions.class::isInstance)
        .map(message -> ((Message.Instructions) message).text())
        .collect(Collectors.joining("\n\n"));
  }

  static ArrayNode tools(ModelRequest request) {
    var tools = JsonNodeFactory.instance.arrayNode();
    for (var tool : request.tools()) {
      tools
          .addObject()
          .put("type", "function")
          .put("name", tool.name())
          .put("description", tool.description())
          // Strict mode knows a part of JSON Schema only; the gate checks every input anyway.
          .put("strict", false)
          .set("parameters", tool.inputSchema());
    }
    return tools;
  }

  static ArrayNode input(ModelRequest request, ModelName name) {
    var items = JsonNodeFactory.instance.arrayNode();
    for (var message : request.messages()) {
      switch (message) {
        case Message.Instructions _ -> {}
        case Message.User(var text) -> said(items, "user", text);
        case Message.ToolResults(var results) ->
            results.forEach(
                result ->
                    items
                        .addObject()
                        .put("type", "function_call_output")
                        .put("call_id", result.call().value())
                        .put("output", Replay.text(result.text())));
        case Message.Assistant said -> assistant(items, said, name);
      }
    }
    return items;
  }

  private static void said(ArrayNode items, String role, String text) {
    items.addObject().put("role", role).put("content", Replay.text(text));
  }

  private static void assistant(ArrayNode items, Message.Assistant said, ModelName name) {
    Replay.walk(
        said,
        name,
        new Replay.Parts() {
          @Override
          public void text(String text) {
            said(items, "assistant", text);
          }

          @Override
          public void call(ToolCall call) {
            items
                .addObject()
                .put("type", "function_call")
                .put("call_id", call.id().value())
                .put("name", Replay.tool(call.tool()))
                .put("arguments", Replay.input(call).toString());
          }

          @Override
          public void opaque(JsonNode part) {
            items.add(part);
          }
        });
  }
}
