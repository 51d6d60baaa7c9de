package dev.holdfast.tool.declared;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** A mapping of a declaration, read by name; every complaint names its line. */
final class Section {
  private final String file;
  private final Yaml.Mapping mapping;

  private Section(String file, Yaml.Mapping mapping) {
    this.file = file;
    this.mapping = mapping;
  }

  /** The section that {@code value} is, with no names but {@code allowed}. */
  static Section of(String file, Yaml value, List<String> allowed) {
    if (!(value instanceof Yaml.Mapping mapping)) {
      throw new DeclarationException(
          file, value.line(), "names with values are expected here: " + String.join(", ", allowed));
    }
    mapping
        .entries()
        .forEach(
            (name, entry) -> {
              if (!allowed.contains(name)) {
                throw new DeclarationException(
                    file,
                    entry.line(),
                    "`%s` is not known here: it is one of %s"
                        .formatted(name, String.join(", ", allowed)));
              }
            });
    return new Section(file, mapping);
  }

  /** The file that it stands in. */
  String file() {
    return file;
  }

  DeclarationException wrong(String message) {
    return new DeclarationException(file, mapping.line(), message);
  }

  DeclarationException wrong(Yaml at, String message) {
    return new DeclarationException(file, at.line(), message);
  }

  boolean has(String name) {
    return mapping.entries().containsKey(name);
  }

  Optional<Yaml> optional(String name) {
    return Optional.ofNullable(mapping.entries().get(name));
  }

  Yaml required(String name) {
    return optional(name).orElseThrow(() -> wrong("`%s` is missing".formatted(name)));
  }

  /** The section below {@code name}; empty when it is not given. */
  Optional<Section> section(String name, List<String> allowed) {
    return optional(name).map(value -> of(file, value, allowed));
  }

  /** The values below {@code name} by their own names; none when it is not given. */
  Map<String, Yaml> named(String name) {
    return switch (optional(name).orElse(null)) {
      case null -> Map.of();
      case Yaml.Mapping(Map<String, Yaml> entries, _) -> entries;
      case Yaml other -> throw wrong(other, "`%s` must be names with values".formatted(name));
    };
  }

  /** The items of the list {@code name}; none when it is not given. */
  List<Yaml> items(String name) {
    return switch (optional(name).orElse(null)) {
      case null -> List.of();
      case Yaml.Sequence(List<Yaml> items, _) -> items;
      case Yaml other -> throw wrong(other, "`%s` must be a list".formatted(name));
    };
  }

  List<String> texts(String name) {
    return items(name).stream().map(item -> text(name, item)).toList();
  }

  String text(String name) {
    return text(name, required(name));
  }

  String text(String name, String absent) {
    return optional(name).map(value -> text(name, value)).orElse(absent);
  }

  /** The text that {@code value} is, numbers and the like as they are written. */
  String text(String name, Yaml value) {
    if (value instanceof Yaml.Scalar(String text, _, _) && !text.isBlank()) {
      return text.strip();
    }
    throw wrong(value, "`%s` must be text".formatted(name));
  }

  boolean flag(String name) {
    return flag(name, required(name));
  }

  boolean flag(String name, boolean absent) {
    return optional(name).map(value -> flag(name, value)).orElse(absent);
  }

  private boolean flag(String name, Yaml value) {
    var json = value.json();
    if (!json.isBoolean()) {
      throw wrong(value, "`%s` must be true or false".formatted(name));
    }
    return json.booleanValue();
  }

  int number(String name, int least, int most, int absent) {
    return optional(name).map(value -> number(name, value, least, most)).orElse(absent);
  }

  int number(String name, Yaml value, int least, int most) {
    var json = value.json();
    if (!json.isIntegralNumber() || json.longValue() < least || json.longValue() > most) {
      throw wrong(value, "`%s` must be a whole number from %d to %d".formatted(name, least, most));
    }
    return json.intValue();
  }

  /** What {@code reader} makes of a value; its complaint is given the value's line. */
  <T> T read(Yaml value, Function<JsonNode, T> reader) {
    try {
      return reader.apply(value.json());
    } catch (IllegalArgumentException e) {
      throw wrong(value, String.valueOf(e.getMessage()));
    }
  }
}
