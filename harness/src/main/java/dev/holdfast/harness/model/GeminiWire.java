package dev.holdfast.harness.model;

import dev.holdfast.tool.ToolCall;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A request in the form of Gemini's generateContent. */
final class GeminiWire {
  /** In the opaque parts: the signature that belongs to the part after it. */
  static final String SIGNATURE = "thoughtSignature";

  private GeminiWire() {}

  static ObjectNode config(ModelRequest request) {
    var config = Replay.object().put("maxOutputTokens", request.maxOutputTokens());
    for (var message : request.messages()) {
      if (message instanceof Message.Instructions(var text)) {
        config.putObject("systemInstruction").putArray("parts").addObject().put("text", text);
      }
    }
    if (!request.tools().isEmpty()) {
      var declarations = config.putArray("tools").addObject().putArray("functionDeclarations");
      for (var tool : request.tools()) {
        declarations
            .addObject()
            .put("name", tool.name())
            .put("description", tool.description())
            .set("parametersJsonSchema", tool.inputSchema());
      }
    }
    return config;
  }

  /** Neighbours of one role are one content. */
  static ArrayNode contents(ModelRequest request, ModelName name) {
    var wire = JsonNodeFactory.instance.arrayNode();
    for (var message : request.messages()) {
      switch (message) {
        case Message.Instructions _ -> {}
        case Message.User(var text) ->
            parts(wire, "user").addObject().put("text", Replay.text(text));
        case Message.ToolResults(var results) -> {
          var parts = parts(wire, "user");
          results.forEach(result -> result(parts, result));
        }
        case Message.Assistant said -> assistant(parts(wire, "model"), said, name);
      }
    }
    return wire;
  }

  private static ArrayNode parts(ArrayNode wire, String role) {
    if (!wire.isEmpty() && wire.get(wire.size() - 1).path("role").asString("").equals(role)) {
      return wire.get(wire.size() - 1).withArray("parts");
    }
    return wire.addObject().put("role", role).putArray("parts");
  }

  private static void result(ArrayNode parts, Message.ToolResult result) {
    parts
        .addObject()
        .putObject("functionResponse")
        .put("name", Replay.tool(result.tool()))
        .putObject("response")
        .put(result.failed() ? "error" : "output", result.text());
  }

  private static void assistant(ArrayNode parts, Message.Assistant said, ModelName name) {
    Replay.walk(said, name, new Answer(parts));
    if (parts.isEmpty()) {
      parts.addObject().put("text", Replay.text(""));
    }
  }

  /** Puts each signature onto the part that it came with. */
  private static final class Answer implements Replay.Parts {
    private final ArrayNode parts;
    private String signature = "";

    Answer(ArrayNode parts) {
      this.parts = parts;
    }

    @Override
    public void text(String text) {
      part().put("text", text);
    }

    @Override
    public void call(ToolCall call) {
      part()
          .putObject("functionCall")
          .put("name", Replay.tool(call.tool()))
          .set("args", Replay.input(call));
    }

    @Override
    public void opaque(JsonNode part) {
      signature = part.path(SIGNATURE).asString("");
    }

    private ObjectNode part() {
      var part = parts.addObject();
      if (!signature.isEmpty()) {
        part.put(SIGNATURE, signature);
        signature = "";
      }
      return part;
    }
  }
}
