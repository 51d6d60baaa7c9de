package dev.holdfast.tool.declared;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A YAML value that knows the line, from 1, where it begins. */
sealed interface Yaml {
  int line();

  /** The value as JSON, plain scalars read as YAML's core schema says. */
  JsonNode json();

  /** A text, number, boolean or nothing; {@code plain} when it is written without quotes. */
  record Scalar(String text, boolean plain, int line) implements Yaml {
    @Override
    public JsonNode json() {
      var json = JsonNodeFactory.instance;
      if (!plain) {
        return json.stringNode(text);
      }
      if (text.matches("true|false")) {
        return json.booleanNode(text.equals("true"));
      }
      if (text.matches("|~|null")) {
        return json.nullNode();
      }
      if (text.matches("[+-]?[0-9]{1,18}")) {
        return json.numberNode(Long.parseLong(text));
      }
      return text.matches("[+-]?([0-9]+\\.[0-9]*|\\.[0-9]+|[0-9]+)([eE][+-]?[0-9]{1,3})?")
          ? json.numberNode(Double.parseDouble(text))
          : json.stringNode(text);
    }
  }

  /** Values one after the other. */
  record Sequence(List<Yaml> items, int line) implements Yaml {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public JsonNode json() {
      var array = JsonNodeFactory.instance.arrayNode();
      items.forEach(item -> array.add(item.json()));
      return array;
    }
  }

  /** Values by name, in the order in which they are written. */
  record Mapping(Map<String, Yaml> entries, int line) implements Yaml {
    public Mapping {
      entries = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public JsonNode json() {
      var object = JsonNodeFactory.instance.objectNode();
      entries.forEach((name, value) -> object.set(name, value.json()));
      return object;
    }
  }
}
