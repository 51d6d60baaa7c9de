package dev.holdfast.harness;

import dev.holdfast.harness.model.Message;
import dev.holdfast.tool.ToolCall;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Makes messages smaller without taking a call apart from its result. */
final class Elision {
  /** Texts up to this many characters stay as they are. */
  private static final int SHORT = 400;

  private Elision() {}

  /** The same messages with long tool results and long tool inputs left out. */
  static List<Message> elide(List<Message> messages) {
    return messages.stream().map(Elision::elide).toList();
  }

  private static Message elide(Message message) {
    return switch (message) {
      case Message.Assistant said -> inputs(said);
      case Message.ToolResults(var results) ->
          new Message.ToolResults(results.stream().map(Elision::elide).toList());
      case Message.Instructions _, Message.User _ -> message;
    };
  }

  static Message.Assistant inputs(Message.Assistant said) {
    var calls =
        said.calls().stream()
            .map(call -> new ToolCall(call.id(), call.tool(), elide(call.input())))
            .toList();
    return new Message.Assistant(said.text(), calls, said.finish(), said.continuation());
  }

  private static Message.ToolResult elide(Message.ToolResult result) {
    return result.text().length() <= SHORT ? result : withText(result, left(result.text()));
  }

  private static JsonNode elide(JsonNode value) {
    var nodes = JsonNodeFactory.instance;
    if (value.isString() && value.stringValue().length() > SHORT) {
      return nodes.stringNode(left(value.stringValue()));
    }
    if (value.isObject()) {
      var object = nodes.objectNode();
      value.properties().forEach(entry -> object.set(entry.getKey(), elide(entry.getValue())));
      return object;
    }
    if (value.isArray()) {
      var array = nodes.arrayNode();
      value.forEach(element -> array.add(elide(element)));
      return array;
    }
    return value;
  }

  private static String left(String text) {
    return "[%d characters left out to save room; call the tool again if you need them]"
        .formatted(text.length());
  }

  static Message.ToolResult withText(Message.ToolResult result, String text) {
    return new Message.ToolResult(result.call(), result.tool(), text, result.failed());
  }

  /** Beginning and end of a text, so that its JSON form has at most {@code bytes} bytes. */
  static String clip(String text, int bytes) {
    int keep = Math.min(text.length(), bytes);
    var clipped = text;
    // Each round cuts at least a tenth, so it ends after at most 200 rounds for any text.
    while (jsonBytes(clipped) > bytes) {
      keep = keep * 9 / 10;
      if (keep < 2) {
        return "";
      }
      clipped = ends(text, keep);
    }
    return clipped;
  }

  private static String ends(String text, int keep) {
    int head = keep * 2 / 3;
    int tail = text.length() - (keep - head);
    if (Character.isHighSurrogate(text.charAt(Math.max(0, head - 1)))) {
      head--;
    }
    if (tail < text.length() && Character.isLowSurrogate(text.charAt(tail))) {
      tail++;
    }
    return text.substring(0, Math.max(0, head))
        + "\n[… %d characters left out …]\n".formatted(tail - head)
        + text.substring(tail);
  }

  private static int jsonBytes(String text) {
    return Messages.bytes(new Message.User(text)).length;
  }
}
