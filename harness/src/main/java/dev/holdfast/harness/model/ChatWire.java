package dev.holdfast.harness.model;

import dev.holdfast.tool.ToolCall;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A request in the form of OpenAI's Chat Completions, which many servers speak. */
final class ChatWire {
  private ChatWire() {}

  static ArrayNode tools(ModelRequest request) {
    var tools = JsonNodeFactory.instance.arrayNode();
    for (var tool : request.tools()) {
      tools
          .addObject()
          .put("type", "function")
          .putObject("function")
          .put("name", tool.name())
          .put("description", tool.description())
          .set("parameters", tool.inputSchema());
    }
    return tools;
  }

  static ArrayNode messages(ModelRequest request, ModelName name) {
    var wire = JsonNodeFactory.instance.arrayNode();
    for (var message : request.messages()) {
      switch (message) {
        case Message.Instructions(var text) -> said(wire, "system", text);
        case Message.User(var text) -> said(wire, "user", Replay.text(text));
        case Message.ToolResults(var results) ->
            results.forEach(
                result ->
                    said(wire, "tool", Replay.text(result.text()))
                        .put("tool_call_id", result.call().value()));
        case Message.Assistant said -> assistant(wire, said, name);
      }
    }
    return wire;
  }

  private static ObjectNode said(ArrayNode wire, String role, String text) {
    return wire.addObject().put("role", role).put("content", text);
  }

  private static void assistant(ArrayNode wire, Message.Assistant said, ModelName name) {
    var message =
        said(wire, "assistant", said.calls().isEmpty() ? Replay.text(said.text()) : said.text());
    Replay.walk(
        said,
        name,
        new Replay.Parts() {
          @Override
          public void text(String text) {}

          @Override
          public void call(ToolCall call) {
            message
                .withArray("tool_calls")
                .addObject()
                .put("id", call.id().value())
                .put("type", "function")
                .putObject("function")
                .put("name", Replay.tool(call.tool()))
                .put("arguments", Replay.input(call).toString());
          }

          @Override
          public void opaque(JsonNode part) {}
        });
  }
}
