package dev.holdfast.harness.model;

import dev.holdfast.tool.ToolCall;
import java.util.ArrayDeque;
import java.util.Deque;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Walks an earlier answer in the order in which its model wrote it. */
final class Replay {
  private static final JsonMapper JSON = JsonMapper.shared();

  private Replay() {}

  /** Takes the parts of an answer. */
  interface Parts {
    void text(String text);

    void call(ToolCall call);

    /** State that this model gave with that answer. */
    void opaque(JsonNode part);
  }

  /** Opaque parts are shown only to the model that they came from. */
  static void walk(Message.Assistant said, ModelName name, Parts parts) {
    Deque<ToolCall> calls = new ArrayDeque<>(said.calls());
    var text = said.text();
    var own = said.continuation().filter(state -> state.model().equals(name.toString()));
    if (own.isPresent()) {
      for (var part : own.get().data()) {
        if (part.isObject()) {
          parts.opaque(part);
        } else if (part.asString("").equals(Draft.TEXT) && !text.isBlank()) {
          parts.text(text);
          text = "";
        } else if (part.asString("").equals(Draft.CALL) && !calls.isEmpty()) {
          parts.call(calls.removeFirst());
        }
      }
    }
    if (!text.isBlank()) {
      parts.text(text);
    }
    calls.forEach(parts::call);
  }

  /** A call's input as the object that providers insist on. */
  static ObjectNode input(ToolCall call) {
    return call.input() instanceof ObjectNode object
        ? object
        : JsonNodeFactory.instance.objectNode().set("malformed", call.input());
  }

  /** A call's tool name with only the characters that providers accept. */
  static String tool(String name) {
    var safe = name.replaceAll("[^A-Za-z0-9_-]", "_");
    return safe.isEmpty() ? "_" : safe.substring(0, Math.min(64, safe.length()));
  }

  /** Some providers refuse an empty text. */
  static String text(String text) {
    return text.isBlank() ? "(nothing)" : text;
  }

  /** A tree as maps and lists, for libraries that bring their own JSON. */
  static Object plain(JsonNode node) {
    return JSON.convertValue(node, Object.class);
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
