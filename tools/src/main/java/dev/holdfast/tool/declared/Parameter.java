package dev.holdfast.tool.declared;

import dev.holdfast.run.Ids;
import tools.jackson.databind.JsonNode;

/**
 * A parameter of a declared tool.
 *
 * @param schema what its value may be
 * @param path whether it names files of the workspace
 * @param dash whether a value may begin with {@code -} where the program would take that for an
 *     option
 */
record Parameter(String name, JsonNode schema, boolean path, boolean dash) {
  Parameter {
    Ids.require("parameter", name, "[A-Za-z_][A-Za-z0-9_]{0,63}");
  }

  boolean list() {
    return schema.path("type").asString("").equals("array");
  }

  /** Whether values of it can stand in a command: texts, numbers, booleans, and lists of these. */
  boolean fitsACommand() {
    var one = list() ? schema.path("items") : schema;
    return switch (one.path("type").asString("")) {
      case "string", "integer", "number", "boolean" -> true;
      default -> false;
    };
  }
}
