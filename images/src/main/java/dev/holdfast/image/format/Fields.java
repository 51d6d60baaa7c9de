package dev.holdfast.image.format;

import dev.holdfast.image.ImageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON that a stranger wrote: bounded in depth, a key never twice (readers that differ in
 * which one counts would see different images), and every field of the kind that it must be.
 */
record Fields(JsonNode node, String what) {
  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(32)
                          .maxStringLength(1 << 20)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .build();

  static Fields parse(byte[] json, String what) {
    try {
      JsonNode node = STRICT.readTree(json);
      if (!node.isObject()) {
        throw new ImageException("the %s is not a JSON object".formatted(what));
      }
      return new Fields(node, what);
    } catch (JacksonException e) {
      throw new ImageException("the %s is not JSON: %s".formatted(what, e.getOriginalMessage()), e);
    }
  }

  /** An array of objects, at most so many. */
  static List<Fields> parseList(byte[] json, String what, int most) {
    try {
      var holder = STRICT.createObjectNode();
      holder.set("images", STRICT.readTree(json));
      return new Fields(holder, what).objects("images", most);
    } catch (JacksonException e) {
      throw new ImageException("`%s` is not JSON: %s".formatted(what, e.getOriginalMessage()), e);
    }
  }

  boolean has(String name) {
    return node.has(name) && !node.get(name).isNull();
  }

  Optional<String> text(String name) {
    if (!has(name)) {
      return Optional.empty();
    }
    JsonNode value = node.get(name);
    if (!value.isString()) {
      throw wrong(name, "a string");
    }
    return Optional.of(value.asString());
  }

  String requiredText(String name) {
    return text(name).orElseThrow(() -> wrong(name, "a string"));
  }

  long number(String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(name, "a whole number");
    }
    return value.asLong();
  }

  /** The object there; an empty one when there is none. */
  Fields object(String name) {
    if (!has(name)) {
      return new Fields(STRICT.createObjectNode(), what);
    }
    if (!node.get(name).isObject()) {
      throw wrong(name, "an object");
    }
    return new Fields(node.get(name), what);
  }

  List<Fields> objects(String name, int most) {
    var objects = new ArrayList<Fields>();
    for (JsonNode element : array(name, most)) {
      if (!element.isObject()) {
        throw wrong(name, "an array of objects");
      }
      objects.add(new Fields(element, what));
    }
    return objects;
  }

  List<String> texts(String name, int most) {
    var texts = new ArrayList<String>();
    for (JsonNode element : array(name, most)) {
      if (!element.isString()) {
        throw wrong(name, "an array of strings");
      }
      texts.add(element.asString());
    }
    return texts;
  }

  private Iterable<JsonNode> array(String name, int most) {
    if (!has(name)) {
      return List.of();
    }
    JsonNode array = node.get(name);
    if (!array.isArray() || array.size() > most) {
      throw wrong(name, "an array of at most %d".formatted(most));
    }
    return array;
  }

  private ImageException wrong(String name, String allowed) {
    return new ImageException(
        "field `%s` of the %s is not allowed: it must be %s".formatted(name, what, allowed));
  }
}
