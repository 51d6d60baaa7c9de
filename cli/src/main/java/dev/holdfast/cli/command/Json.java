package dev.holdfast.cli.command;

import tools.jackson.databind.json.JsonMapper;

/** JSON, loaded only when a command writes it: the mapper costs start-up time. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static String line(Object value) {
    return MAPPER.writeValueAsString(value);
  }
}
