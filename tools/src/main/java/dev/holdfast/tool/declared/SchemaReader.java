package dev.holdfast.tool.declared;

import dev.holdfast.tool.registry.InputCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads JSON Schemas of declarations, without what would make the host fetch or compute. */
final class SchemaReader {
  private static final Set<String> REFERENCES =
      Set.of("$ref", "$dynamicRef", "$recursiveRef", "$id", "$schema", "$anchor", "$dynamicAnchor");
  private static final Set<String> PATTERNS = Set.of("pattern", "patternProperties");

  /** Keywords whose values have names of their own, each with a schema. */
  private static final Set<String> NAMED =
      Set.of("properties", "patternProperties", "$defs", "dependentSchemas");

  /** Keywords whose values are data. */
  private static final Set<String> DATA = Set.of("enum", "const", "default", "examples");

  private final String file;
  private final Origin origin;
  private final InputCheck check;

  SchemaReader(String file, Origin origin, InputCheck check) {
    this.file = file;
    this.origin = origin;
    this.check = check;
  }

  /** The schema, checked against the dialect's own. */
  JsonNode read(Yaml declared) {
    refuse(declared);
    var schema = declared.json();
    check
        .schemaProblem(schema)
        .ifPresent(
            problem -> {
              throw new DeclarationException(
                  file, declared.line(), "this is not JSON Schema 2020-12: " + problem);
            });
    return schema;
  }

  /** An input schema: one of an object. */
  JsonNode readInput(Yaml declared) {
    var schema = read(declared);
    if (!schema.path("type").asString("").equals("object")) {
      throw new DeclarationException(
          file, declared.line(), "the input's `type` must be `object`: parameters have names");
    }
    return schema;
  }

  /** The parameters of an input schema, in their order. */
  Map<String, Parameter> parameters(JsonNode schema, List<String> paths, List<String> dashes) {
    var parameters = new LinkedHashMap<String, Parameter>();
    for (var property : schema.path("properties").properties()) {
      var name = property.getKey();
      parameters.put(
          name,
          new Parameter(name, property.getValue(), paths.contains(name), dashes.contains(name)));
    }
    return parameters;
  }

  private void refuse(Yaml schema) {
    switch (schema) {
      case Yaml.Mapping(Map<String, Yaml> entries, _) -> entries.forEach(this::refuse);
      case Yaml.Sequence(List<Yaml> items, _) -> items.forEach(this::refuse);
      case Yaml.Scalar _ -> {}
    }
  }

  private void refuse(String keyword, Yaml value) {
    if (REFERENCES.contains(keyword)) {
      throw new DeclarationException(
          file, value.line(), "`%s` is not allowed: write the schema out".formatted(keyword));
    }
    if (PATTERNS.contains(keyword) && origin == Origin.REPOSITORY) {
      throw new DeclarationException(
          file,
          value.line(),
          "`%s` is not allowed in a repository's tools: use enum, maxLength or a choice"
              .formatted(keyword));
    }
    if (NAMED.contains(keyword) && value instanceof Yaml.Mapping(Map<String, Yaml> named, _)) {
      named.values().forEach(this::refuse);
    } else if (!DATA.contains(keyword)) {
      refuse(value);
    }
  }
}
