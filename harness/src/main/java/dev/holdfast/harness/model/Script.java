package dev.holdfast.harness.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A model's answers, written down: YAML or JSON. One entry of {@code turns} is one turn of the
 * loop.
 */
record Script(List<Turn> turns) {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          // What a script leaves out is 0.
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();

  Script {
    turns = List.copyOf(turns);
    if (turns.isEmpty()) {
      throw new IllegalArgumentException("`turns` is empty: it must have at least one");
    }
  }

  /**
   * One answer.
   *
   * @param expect what must have been said since the last answer, or the script fails
   * @param delayMillis how long the model thinks
   * @param end how the answer ends; by itself, with calls when it has some
   */
  record Turn(
      @JsonSetter(nulls = Nulls.AS_EMPTY) List<Expectation> expect,
      @Nullable Failure fail,
      @JsonProperty("delay_millis") long delayMillis,
      @Nullable String text,
      @JsonSetter(nulls = Nulls.AS_EMPTY) List<Call> calls,
      Message.@Nullable Finish end,
      @Nullable Tokens usage) {}

  /** A tool call; {@code input} may be left out when it is empty. */
  record Call(String tool, @Nullable JsonNode input) {
    JsonNode given() {
      return input == null || input.isNull() ? JsonNodeFactory.instance.objectNode() : input;
    }
  }

  /**
   * What must have been said since the last answer.
   *
   * @param result the call whose result is meant, from 0; any of them when left out
   */
  record Expectation(
      @Nullable Integer result, @Nullable String contains, @Nullable String matches) {
    Expectation {
      if (contains == null && matches == null) {
        throw new IllegalArgumentException("an `expect` must say `contains` or `matches`");
      }
      if (matches != null) {
        java.util.regex.Pattern.compile(matches);
      }
    }
  }

  /** Tokens that the answer claims to have used. */
  record Tokens(long input, long cached, long output) {}

  /**
   * A failure in place of the answer.
   *
   * @param attempts how many attempts of the turn fail; 0 means all
   */
  record Failure(
      Kind as, int attempts, @JsonProperty("retry_after_millis") @Nullable Long retryAfterMillis) {
    /** What is simulated. */
    enum Kind {
      RATE_LIMITED,
      OVERLOADED,
      UNAVAILABLE,
      REJECTED,
      UNAUTHORIZED,
      CONTEXT_TOO_LONG,
      REFUSED;

      String words() {
        return "simulated: " + name().toLowerCase(Locale.ROOT).replace('_', ' ');
      }
    }
  }

  /** Reads a script; a mistake in it is named. */
  static Script read(Path file) {
    try {
      return YAML.readValue(Files.readString(file), Script.class);
    } catch (JacksonException | PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "`%s` is not a script for a model: %s".formatted(file, e.getMessage()), e);
    } catch (java.nio.file.NoSuchFileException e) {
      throw new IllegalArgumentException("there is no script `%s`".formatted(file), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
