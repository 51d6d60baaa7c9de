package dev.holdfast.server.api;

import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * The JSON of the API: names in snake case, and nothing in a request that is not known, or of
 * another kind than it must be.
 */
final class ApiJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              text ->
                  text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
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
      throw new IllegalArgumentException("the request is not understood: " + words(wrong), wrong);
    }
  }

  private static String words(JacksonException wrong) {
    if (wrong.getCause() instanceof IllegalArgumentException refused) {
      return String.valueOf(refused.getMessage());
    }
    return switch (wrong) {
      case UnrecognizedPropertyException unknown ->
          "there is no field `%s` in it, only %s"
              .formatted(unknown.getPropertyName(), unknown.getKnownPropertyIds());
      case ValueInstantiationException _ -> "something in it is `null`, which is not allowed";
      case MismatchedInputException other when !other.getPath().isEmpty() ->
          "`%s` must be %s".formatted(field(other), kind(other.getTargetType()));
      case MismatchedInputException _ -> "it must be an object";
      default -> wrong.getOriginalMessage();
    };
  }

  private static String field(MismatchedInputException other) {
    return other.getPath().stream()
        .map(part -> part.getPropertyName() == null ? "[]" : part.getPropertyName())
        .collect(Collectors.joining("."));
  }

  private static String kind(@Nullable Class<?> type) {
    if (type == String.class) {
      return "a string";
    }
    if (type == boolean.class) {
      return "`true` or `false`";
    }
    if (type == int.class || type == Integer.class || type == Long.class) {
      return "a whole number";
    }
    return type != null && Collection.class.isAssignableFrom(type) ? "a list" : "an object";
  }
}
