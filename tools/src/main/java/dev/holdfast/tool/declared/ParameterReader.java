package dev.holdfast.tool.declared;

import dev.holdfast.run.Ids;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads {@code parameters}, the short form of an input schema. */
final class ParameterReader {
  private static final List<String> NAMES =
      List.of(
          "type",
          "description",
          "optional",
          "list",
          "choices",
          "minimum",
          "maximum",
          "max_length",
          "max_items",
          "dash");
  private static final List<String> TYPES =
      List.of("text", "path", "choice", "integer", "number", "boolean");
  private static final int TEXT_CHARACTERS = 4_000;
  private static final int PATH_CHARACTERS = 1_024;
  private static final int LIST_ITEMS = 100;

  private final String file;
  private final ObjectNode schema = JsonNodeFactory.instance.objectNode();
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();

  private ParameterReader(String file) {
    this.file = file;
  }

  /** Parameters, and the schema of an input that has them. */
  record Read(JsonNode schema, Map<String, Parameter> parameters) {}

  static Read read(String file, Map<String, Yaml> declared) {
    var reader = new ParameterReader(file);
    reader.schema.put("type", "object").put("additionalProperties", false);
    reader.schema.putArray("required");
    reader.schema.putObject("properties");
    declared.forEach(reader::add);
    return new Read(reader.schema, reader.parameters);
  }

  private void add(String name, Yaml declared) {
    var section = Section.of(file, declared, NAMES);
    section.read(
        new Yaml.Scalar(name, false, declared.line()),
        it -> Ids.require("parameter", it.asString(), "[A-Za-z_][A-Za-z0-9_]{0,63}"));
    var type = section.text("type");
    if (!TYPES.contains(type)) {
      throw section.wrong(
          section.required("type"),
          "type `%s` is not known: it is one of %s".formatted(type, String.join(", ", TYPES)));
    }
    var property = property(section, type);
    schema.withObjectProperty("properties").set(name, property);
    if (!section.flag("optional", false)) {
      schema.withArrayProperty("required").add(name);
    }
    parameters.put(
        name, new Parameter(name, property, type.equals("path"), section.flag("dash", false)));
  }

  private static JsonNode property(Section section, String type) {
    var value = value(section, type);
    var property = value;
    if (section.flag("list", false)) {
      property = JsonNodeFactory.instance.objectNode().put("type", "array");
      property.set("items", value);
      property.put("maxItems", section.number("max_items", 1, 10_000, LIST_ITEMS));
    }
    if (section.has("description")) {
      property.put("description", section.text("description"));
    }
    return property;
  }

  private static ObjectNode value(Section section, String type) {
    var value = JsonNodeFactory.instance.objectNode();
    switch (type) {
      case "text" ->
          value
              .put("type", "string")
              .put("maxLength", section.number("max_length", 1, 1 << 20, TEXT_CHARACTERS));
      case "path" ->
          value.put("type", "string").put("minLength", 1).put("maxLength", PATH_CHARACTERS);
      case "choice" -> choices(section, value.put("type", "string"));
      default -> value.put("type", type);
    }
    for (var bound : List.of("minimum", "maximum")) {
      section.optional(bound).ifPresent(it -> value.set(bound, bound(section, type, bound, it)));
    }
    return value;
  }

  private static JsonNode bound(Section section, String type, String name, Yaml given) {
    if (!List.of("integer", "number").contains(type) || !given.json().isNumber()) {
      throw section.wrong(
          given, "`%s` must be a number, and goes with integer and number".formatted(name));
    }
    return given.json();
  }

  private static void choices(Section section, ObjectNode value) {
    var choices = section.texts("choices");
    if (choices.isEmpty()) {
      throw section.wrong("a choice needs `choices`, a list of texts");
    }
    var allowed = value.putArray("enum");
    choices.forEach(allowed::add);
  }
}
