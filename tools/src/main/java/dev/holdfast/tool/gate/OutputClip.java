package dev.holdfast.tool.gate;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The last guard against outputs that would flood a model: tools clip with knowledge of their
 * output, this clips by force. Long strings lose their middle, long arrays their end.
 */
record OutputClip(JsonNode output, boolean clipped) {
  /** Clips {@code output} to about {@code limitBytes} of JSON text. */
  static OutputClip clip(JsonNode output, int limitBytes) {
    if (size(output) <= limitBytes) {
      return new OutputClip(output, false);
    }
    int string = limitBytes / 2;
    int elements = 1_000;
    var shorter = output;
    while (string > 16) {
      shorter = shorten(output, string, elements);
      if (size(shorter) <= limitBytes) {
        return new OutputClip(shorter, true);
      }
      string /= 2;
      elements /= 2;
    }
    return new OutputClip(
        StringNode.valueOf("output of " + size(output) + " bytes left out"), true);
  }

  private static int size(JsonNode node) {
    return node.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static JsonNode shorten(JsonNode node, int string, int elements) {
    return switch (node) {
      case StringNode text -> StringNode.valueOf(middleOut(text.stringValue(), string));
      case ArrayNode array -> shortenArray(array, string, elements);
      case ObjectNode object -> shortenObject(object, string, elements);
      default -> node;
    };
  }

  private static JsonNode shortenArray(ArrayNode array, int string, int elements) {
    var shorter = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < Math.min(array.size(), elements); i++) {
      shorter.add(shorten(array.get(i), string, elements));
    }
    return shorter;
  }

  private static JsonNode shortenObject(ObjectNode object, int string, int elements) {
    var shorter = JsonNodeFactory.instance.objectNode();
    for (var property : object.properties()) {
      shorter.set(property.getKey(), shorten(property.getValue(), string, elements));
    }
    return shorter;
  }

  private static String middleOut(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    int head = limit * 2 / 3;
    int tail = limit - head;
    return "%s\n… %d characters left out …\n%s"
        .formatted(
            text.substring(0, head), text.length() - limit, text.substring(text.length() - tail));
  }
}
