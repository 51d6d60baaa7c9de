package dev.holdfast.tool.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Input schemas that let wrong calls through, or that providers refuse. */
final class SchemaRules implements Rule {
  private static final int MOST_PARAMETERS = 12;
  private static final int MOST_BOOLEANS = 3;
  private static final int MOST_DEPTH = 5;

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");
  private static final Set<String> COMBINING = Set.of("anyOf", "oneOf", "allOf");

  /** What strict modes refuse, or what is lost on the way to Gemini. */
  private static final Set<String> REFUSED =
      Set.of(
          "allOf",
          "oneOf",
          "not",
          "if",
          "then",
          "else",
          "dependentRequired",
          "dependentSchemas",
          "patternProperties",
          "unevaluatedProperties",
          "unevaluatedItems",
          "propertyNames",
          "contains",
          "prefixItems",
          "$ref",
          "$dynamicRef",
          "minProperties",
          "maxProperties");

  private static final Pattern NEGATED =
      Pattern.compile("(no|not|non|disable|skip|dont|without|exclude|omit|hide)_.+");
  private static final Pattern PATH =
      Pattern.compile("(.*_)?(path|file|filename|directory|dir|folder)s?");
  private static final Pattern CHOICES =
      Pattern.compile(
          "(?i)\\b(one of|either|must be|allowed values|possible values)\\b.*(,| or |\\|)");

  @Override
  public List<Finding> check(Subject tool) {
    var schema = tool.inputSchema();
    if (!schema.path("type").asString("").equalsIgnoreCase("object")) {
      return List.of(
          tool.error(
              "input-untyped",
              "input_schema",
              "every provider wants an input of type object",
              "write `type: object` with `properties`"));
    }
    var walk = new Walk(tool, new ArrayList<>());
    for (var keyword : COMBINING) {
      if (schema.has(keyword)) {
        walk.error(
            "schema-refused",
            "input_schema",
            "`%s` at the top of an input is refused by Anthropic and OpenAI".formatted(keyword),
            "make one tool for each form, or give the parameters that all forms have");
      }
    }
    walk.object(schema, "input_schema", 0);
    walk.count(schema);
    return walk.findings();
  }

  /** Goes through one schema. */
  private record Walk(Subject tool, List<Finding> findings) {
    void error(String rule, String place, String why, String fix) {
      findings.add(tool.error(rule, place, why, fix));
    }

    void warning(String rule, String place, String why, String fix) {
      findings.add(tool.warning(rule, place, why, fix));
    }

    void count(JsonNode schema) {
      var properties = schema.path("properties");
      if (properties.size() > MOST_PARAMETERS) {
        warning(
            "parameters-many",
            "input_schema",
            "%d parameters: agents leave out and mix up some".formatted(properties.size()),
            "make several tools of it, or drop what has a good default");
      }
      long booleans = properties.valueStream().filter(it -> type(it).equals("boolean")).count();
      if (booleans > MOST_BOOLEANS) {
        warning(
            "boolean-trap",
            "input_schema",
            "%d booleans make %d ways to call it, most of them untried"
                .formatted(booleans, 1L << Math.min(booleans, 62)),
            "make one enum of those that exclude each other, or several tools");
      }
    }

    void object(JsonNode schema, String place, int depth) {
      if (depth > MOST_DEPTH) {
        warning(
            "schema-deep",
            place,
            "it is nested more than %d deep, which strict modes refuse".formatted(MOST_DEPTH),
            "make it flatter");
        return;
      }
      if (!schema.path("additionalProperties").isBoolean()
          || schema.path("additionalProperties").booleanValue()) {
        warning(
            "schema-open",
            place,
            "a misspelled parameter passes unseen, and strict modes refuse the schema",
            "add `additionalProperties: false`");
      }
      for (var property : schema.path("properties").properties()) {
        property(property.getKey(), property.getValue(), place, depth);
      }
    }

    private void property(String name, JsonNode schema, String parent, int depth) {
      var place = parent + "." + name;
      if (!NAME.matcher(name).matches()) {
        error(
            "parameter-refused",
            place,
            "the name `%s` is refused by Anthropic".formatted(name),
            "use 1 to 64 letters, digits, `_`, `.` and `-`");
      }
      if (schema.path("description").asString("").isBlank()) {
        warning(
            "parameter-undescribed",
            place,
            "an agent guesses from the name what to pass",
            "describe it: what it is, its form, an example, and what leaving it out means");
      }
      if (type(schema).equals("boolean") && NEGATED.matcher(name).matches()) {
        warning(
            "boolean-trap",
            place,
            "`%s: false` is a double negation, which agents get wrong".formatted(name),
            "name what happens when it is true");
      }
      value(name, schema, place, depth);
    }

    private void value(String name, JsonNode schema, String place, int depth) {
      for (var keyword : REFUSED) {
        if (schema.has(keyword)) {
          warning(
              "schema-refused",
              place,
              "`%s` is refused by strict modes and lost for Gemini".formatted(keyword),
              "use type, enum, properties, items and bounds alone");
        }
      }
      switch (type(schema)) {
        case "object" -> nested(schema, place, depth);
        case "array" -> array(name, schema, place, depth);
        case "string" -> string(name, schema, place);
        case "" -> untyped(schema, place);
        default -> {}
      }
    }

    private void nested(JsonNode schema, String place, int depth) {
      if (schema.path("properties").isEmpty()) {
        error(
            "object-untyped",
            place,
            "an object without properties takes anything: agents make fields up",
            "give its `properties`");
      } else {
        object(schema, place, depth + 1);
      }
    }

    private void array(String name, JsonNode schema, String place, int depth) {
      if (!schema.has("maxItems")) {
        warning(
            "array-unbounded", place, "nothing says how many items make sense", "add `maxItems`");
      }
      value(name, schema.path("items"), place + "[]", depth + 1);
    }

    private void string(String name, JsonNode schema, String place) {
      boolean bound =
          schema.has("enum")
              || schema.has("const")
              || schema.has("maxLength")
              || schema.has("pattern")
              || schema.has("format");
      var description = schema.path("description").asString("");
      if (!schema.has("enum") && !schema.has("const") && CHOICES.matcher(description).find()) {
        warning(
            "enum-meant",
            place,
            "its description lists what is allowed, its schema allows any text",
            "list the values in `enum`");
      } else if (!bound && PATH.matcher(name).matches()) {
        warning(
            "path-unbounded",
            place,
            "a path is meant, and any text of any length is taken",
            "use `type: path`, or `minLength: 1` and `maxLength: 1024`, and say what it is relative to");
      } else if (!bound) {
        warning(
            "string-unbounded",
            place,
            "any text of any length is taken",
            "add `maxLength`, a `pattern`, or the `enum` that is meant");
      }
    }

    private void untyped(JsonNode schema, String place) {
      boolean said = schema.has("enum") || schema.has("const");
      boolean combined = COMBINING.stream().anyMatch(schema::has);
      if (!said && !combined) {
        error(
            "parameter-untyped",
            place,
            "without a type an agent passes text for a number, or JSON in a text",
            "give its `type`");
      }
    }

    /** One type, in lower case; `any` for several. */
    private static String type(JsonNode schema) {
      var type = schema.path("type");
      return type.isArray() ? "any" : type.asString("").toLowerCase(java.util.Locale.ROOT);
    }
  }
}
