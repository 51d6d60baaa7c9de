package dev.holdfast.tool.registry;

import com.networknt.schema.Error;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Says for a model what is wrong with a value, and what a schema allows. */
final class SchemaProblem {
  private static final int MOST_SHOWN = 80;

  private SchemaProblem() {}

  /** One problem: where, what, and the offending value. */
  static String describe(Error error, JsonNode schema) {
    var where = place(error.getInstanceLocation().toString());
    return switch (error.getKeyword()) {
      case "required" -> "`%s` is missing".formatted(below(where, error.getProperty()));
      case "additionalProperties" -> unknown(where, error.getProperty(), schema);
      default ->
          "`%s` %s%s"
              .formatted(
                  where.isEmpty() ? "input" : where,
                  stripped(String.valueOf(error.getMessage())),
                  given(error));
    };
  }

  /** The properties that an object schema allows, one after the other. */
  static String allowed(JsonNode schema) {
    var required = required(schema);
    var names = new ArrayList<String>();
    for (var property : schema.path("properties").properties()) {
      names.add(
          "%s (%s%s)"
              .formatted(
                  property.getKey(),
                  type(property.getValue()),
                  required.contains(property.getKey()) ? ", required" : ""));
    }
    return names.isEmpty() ? "no properties" : String.join(", ", names);
  }

  static Set<String> required(JsonNode schema) {
    return schema
        .path("required")
        .valueStream()
        .map(JsonNode::asString)
        .collect(Collectors.toSet());
  }

  private static String unknown(String where, String property, JsonNode schema) {
    var names = new ArrayList<String>();
    schema.path("properties").propertyNames().forEach(names::add);
    var near = where.isEmpty() ? DidYouMean.nearest(property, names) : List.<String>of();
    var hint = near.isEmpty() ? "" : " (did you mean `%s`?)".formatted(near.getFirst());
    return "`%s` is not a known property%s".formatted(below(where, property), hint);
  }

  private static String type(JsonNode property) {
    if (property.has("enum")) {
      return property
          .path("enum")
          .valueStream()
          .map(JsonNode::asString)
          .collect(Collectors.joining(" | "));
    }
    var type = property.path("type").asString("any");
    if (!"array".equals(type)) {
      return type;
    }
    var items = property.path("items");
    return items.has("properties")
        ? "array of {" + allowed(items) + "}"
        : "array of " + items.path("type").asString("any");
  }

  private static String given(Error error) {
    var node = error.getInstanceNode();
    if (node == null || node.isContainer()) {
      return "";
    }
    var text = node.toString();
    return ", not `%s`"
        .formatted(text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text);
  }

  /** The validator starts its messages with the type it found: say it our way. */
  private static String stripped(String message) {
    var found = message.indexOf(" found, ");
    return found < 0 ? message : "must be" + message.substring(message.lastIndexOf(' '));
  }

  /** {@code /edits/0/old_text} as {@code edits[0].old_text}. */
  private static String place(String pointer) {
    return pointer.replaceAll("/(\\d+)(?=/|$)", "[$1]").replaceAll("^[/$.]+", "").replace('/', '.');
  }

  private static String below(String where, String property) {
    return where.isEmpty() ? property : where + "." + property;
  }
}
