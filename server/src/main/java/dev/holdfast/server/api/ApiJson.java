package dev.holdfast.server.api;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The JSON of the API: names in snake case, and nothing in a request that is not known. */
final class ApiJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES) // a flag left out is false
          .build();

  private ApiJson() {}

  static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static <T> T read(byte[] json, Class<T> type) {
    try {
      T read = MAPPER.readValue(json, type);
      if (read == null) {
        throw new IllegalArgumentException("the request is `null`: it must be an object");
      }
      return read;
    } catch (JacksonException wrong) {
      Throwable cause = wrong.getCause();
      throw new IllegalArgumentException(
          "the request is not understood: "
              + (cause instanceof IllegalArgumentException
                  ? cause.getMessage()
                  : wrong.getOriginalMessage()),
          wrong);
    }
  }
}
