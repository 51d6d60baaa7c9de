package dev.holdfast.tool.builtin;

import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** A validated input, read by property. */
record Input(JsonNode node) {
  String text(String property) {
    return node.path(property).asString("");
  }

  String text(String property, String absent) {
    return node.path(property).asString(absent);
  }

  boolean has(String property) {
    return node.has(property);
  }

  boolean flag(String property) {
    return node.path(property).asBoolean(false);
  }

  int number(String property, int absent) {
    return node.path(property).asInt(absent);
  }

  OptionalInt number(String property) {
    return node.has(property) ? OptionalInt.of(node.path(property).asInt()) : OptionalInt.empty();
  }

  List<String> texts(String property) {
    return node.path(property).valueStream().map(JsonNode::asString).toList();
  }

  /**
   * The path in {@code property}, as {@link WorkspacePath#of}; the workspace itself when absent.
   */
  String path(String property) {
    return WorkspacePath.of(node.path(property).asString("."));
  }

  List<String> paths(String property) {
    return texts(property).stream().map(WorkspacePath::of).toList();
  }
}
