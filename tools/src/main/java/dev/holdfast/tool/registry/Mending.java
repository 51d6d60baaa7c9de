package dev.holdfast.tool.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings an input that drifted from its schema back to it, as far as there is only one way. What
 * comes out is validated again; a mend that does not help does no harm.
 */
final class Mending {
  /** The mended input, and for each mend a sentence for the model. */
  record Mended(JsonNode input, List<String> notes) {}

  private static final JsonMapper JSON = new JsonMapper();
  private static final int LONGEST_JSON_TEXT = 1 << 20;

  private final List<String> notes = new ArrayList<>();

  private Mending() {}

  static Mended mend(JsonNode schema, JsonNode input) {
    var mending = new Mending();
    var output = mending.value(schema, input.deepCopy(), "input");
    return new Mended(output, mending.notes);
  }

  private JsonNode value(JsonNode schema, JsonNode value, String where) {
    var typed = typed(schema, value, where);
    if (typed instanceof ObjectNode object && schema.has("properties")) {
      return object(schema, object, where);
    }
    if (typed.isArray() && schema.has("items")) {
      var items = JsonNodeFactory.instance.arrayNode();
      int index = 0;
      for (var item : typed) {
        items.add(value(schema.path("items"), item, "%s[%d]".formatted(where, index++)));
      }
      return items;
    }
    return typed;
  }

  private ObjectNode object(JsonNode schema, ObjectNode object, String where) {
    var properties = schema.path("properties");
    rename(properties, object);
    wrap(properties, object);
    for (var name : List.copyOf(object.propertyNames())) {
      var property = properties.path(name);
      if (property.isMissingNode()) {
        continue;
      }
      if (object.path(name).isNull() && !SchemaProblem.required(schema).contains(name)) {
        object.remove(name);
        notes.add("`%s` was null and is left out".formatted(name));
        continue;
      }
      var place = "input".equals(where) ? name : where + "." + name;
      object.set(name, value(property, object.path(name), place));
    }
    return object;
  }

  /** Renames a property when exactly one that is allowed and not given means the same. */
  private void rename(JsonNode properties, ObjectNode object) {
    for (var name : List.copyOf(object.propertyNames())) {
      if (!properties.has(name)) {
        meant(name, properties, object)
            .ifPresent(
                target -> {
                  object.set(target, object.remove(name));
                  notes.add("`%s` is called `%s`".formatted(name, target));
                });
      }
    }
  }

  private static Optional<String> meant(String name, JsonNode properties, ObjectNode object) {
    var free = new ArrayList<String>();
    for (var candidate : properties.propertyNames()) {
      if (!object.has(candidate)) {
        free.add(candidate);
      }
    }
    var exact =
        free.stream().filter(it -> DidYouMean.normal(it).equals(DidYouMean.normal(name))).toList();
    var same =
        exact.isEmpty() ? free.stream().filter(it -> Synonyms.same(it, name)).toList() : exact;
    return same.size() == 1 ? Optional.of(same.getFirst()) : Optional.empty();
  }

  /** Items given in place of the one list they belong into: {@code {path, old_text, new_text}}. */
  private void wrap(JsonNode properties, ObjectNode object) {
    var unknown = object.propertyNames().stream().filter(name -> !properties.has(name)).toList();
    if (unknown.isEmpty()) {
      return;
    }
    var lists =
        properties
            .propertyStream()
            .filter(it -> it.getValue().path("items").has("properties") && !object.has(it.getKey()))
            .toList();
    if (lists.size() != 1) {
      return;
    }
    var item = JsonNodeFactory.instance.objectNode();
    unknown.forEach(name -> item.set(name, object.path(name)));
    var allowed = lists.getFirst().getValue().path("items").path("properties");
    rename(allowed, item);
    if (item.propertyNames().stream().allMatch(allowed::has)) {
      unknown.forEach(object::remove);
      object.putArray(lists.getFirst().getKey()).add(item);
      notes.add(
          "%s belong into an item of `%s`"
              .formatted(String.join(", ", unknown), lists.getFirst().getKey()));
    }
  }

  /** The value in the type that the schema asks for, when its text can mean nothing else. */
  private JsonNode typed(JsonNode schema, JsonNode value, String where) {
    var type = schema.path("type").asString("");
    var mended =
        switch (type) {
          case "object" -> value.isString() ? parsed(value, JsonNode::isObject) : value;
          case "array" -> array(schema, value);
          case "integer" -> integer(value);
          case "number" -> value.isString() ? parsed(value, JsonNode::isNumber) : value;
          case "boolean" -> bool(value);
          case "string" -> string(schema, value);
          default -> value;
        };
    if (!mended.equals(value)) {
      notes.add("`%s` was given as %s and is taken as %s".formatted(where, kind(value), type));
    }
    return mended;
  }

  private static JsonNode array(JsonNode schema, JsonNode value) {
    if (value.isArray() || value.isNull()) {
      return value;
    }
    var list = value.isString() ? parsed(value, JsonNode::isArray) : value;
    var itemType = schema.path("items").path("type").asString("");
    boolean single =
        (list.isString() && "string".equals(itemType))
            || (list.isObject() && "object".equals(itemType));
    return single ? JsonNodeFactory.instance.arrayNode().add(list) : list;
  }

  private static JsonNode integer(JsonNode value) {
    var number = value.isString() ? parsed(value, JsonNode::isNumber) : value;
    boolean whole =
        number.isFloatingPointNumber()
            && number.asDouble() == Math.rint(number.asDouble())
            && Math.abs(number.asDouble()) < 1e15;
    return whole ? JsonNodeFactory.instance.numberNode((long) number.asDouble()) : number;
  }

  private static JsonNode bool(JsonNode value) {
    if (!value.isString()) {
      return value;
    }
    return switch (value.asString().strip().toLowerCase(java.util.Locale.ROOT)) {
      case "true" -> JsonNodeFactory.instance.booleanNode(true);
      case "false" -> JsonNodeFactory.instance.booleanNode(false);
      default -> value;
    };
  }

  private static JsonNode string(JsonNode schema, JsonNode value) {
    if (value.isNumber() || value.isBoolean()) {
      return JsonNodeFactory.instance.stringNode(value.asString());
    }
    if (value.isString() && schema.has("enum")) {
      return schema
          .path("enum")
          .valueStream()
          .filter(
              it -> DidYouMean.normal(it.asString()).equals(DidYouMean.normal(value.asString())))
          .findFirst()
          .orElse(value);
    }
    return value;
  }

  private static JsonNode parsed(JsonNode value, java.util.function.Predicate<JsonNode> wanted) {
    var text = value.asString().strip();
    if (text.isEmpty() || text.length() > LONGEST_JSON_TEXT) {
      return value;
    }
    try {
      var node = JSON.readTree(text);
      return wanted.test(node) ? node : value;
    } catch (JacksonException notJson) {
      return value;
    }
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "text";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
      case OBJECT -> "an object";
      case ARRAY -> "a list";
      case NULL -> "null";
      case BINARY, MISSING, POJO -> "something else";
    };
  }
}
