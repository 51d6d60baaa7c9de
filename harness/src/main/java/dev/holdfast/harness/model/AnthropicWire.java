package dev.holdfast.harness.model;

import dev.holdfast.tool.ToolCall;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A request in the form of Anthropic's Messages API. */
final class AnthropicWire {
  private AnthropicWire() {}

  /** The system prompt, marked for the provider's cache together with the tools before it. */
  static ArrayNode system(List<Message> messages) {
    var system = JsonNodeFactory.instance.arrayNode();
    for (var message : messages) {
      if (message instanceof Message.Instructions(var text)) {
        system.add(cached(text(text)));
      }
    }
    return system;
  }

  static ArrayNode tools(ModelRequest request) {
    var tools = JsonNodeFactory.instance.arrayNode();
    for (var tool : request.tools()) {
      tools
          .addObject()
          .put("name", tool.name())
          .put("description", tool.description())
          .set("input_schema", tool.inputSchema());
    }
    return tools;
  }

  /** Neighbours of one role are one message; the last block is marked for the cache. */
  static ArrayNode messages(ModelRequest request, ModelName name) {
    var wire = JsonNodeFactory.instance.arrayNode();
    for (var message : request.messages()) {
      switch (message) {
        case Message.Instructions _ -> {}
        case Message.User(var text) -> content(wire, "user").add(text(Replay.text(text)));
        case Message.ToolResults(var results) -> {
          var content = content(wire, "user");
          results.forEach(result -> content.add(result(result)));
        }
        case Message.Assistant said -> assistant(content(wire, "assistant"), said, name);
      }
    }
    cacheLast(wire);
    return wire;
  }

  private static ArrayNode content(ArrayNode wire, String role) {
    if (!wire.isEmpty() && wire.get(wire.size() - 1).path("role").asString("").equals(role)) {
      return wire.get(wire.size() - 1).withArray("content");
    }
    return wire.addObject().put("role", role).putArray("content");
  }

  private static void assistant(ArrayNode content, Message.Assistant said, ModelName name) {
    Replay.walk(
        said,
        name,
        new Replay.Parts() {
          @Override
          public void text(String text) {
            content.add(AnthropicWire.text(text));
          }

          @Override
          public void call(ToolCall call) {
            content
                .addObject()
                .put("type", "tool_use")
                .put("id", call.id().value())
                .put("name", Replay.tool(call.tool()))
                .set("input", Replay.input(call));
          }

          @Override
          public void opaque(JsonNode part) {
            content.add(part);
          }
        });
    if (content.isEmpty()) {
      content.add(text(Replay.text("")));
    }
  }

  private static ObjectNode result(Message.ToolResult result) {
    return Replay.object()
        .put("type", "tool_result")
        .put("tool_use_id", result.call().value())
        .put("content", Replay.text(result.text()))
        .put("is_error", result.failed());
  }

  private static ObjectNode text(String text) {
    return Replay.object().put("type", "text").put("text", text);
  }

  private static void cacheLast(ArrayNode wire) {
    if (!wire.isEmpty()
        && wire.get(wire.size() - 1).path("content") instanceof ArrayNode content
        && content.get(content.size() - 1) instanceof ObjectNode last) {
      cached(last);
    }
  }

  private static ObjectNode cached(ObjectNode block) {
    return block.set("cache_control", Replay.object().put("type", "ephemeral"));
  }
}
