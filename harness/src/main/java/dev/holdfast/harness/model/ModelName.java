package dev.holdfast.harness.model;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A model as a user writes it: {@code anthropic:claude-sonnet-4-5}. */
public record ModelName(Family family, String id) {
  /** The wire format that is spoken. */
  public enum Family {
    ANTHROPIC("anthropic"),
    OPENAI("openai"),
    OPENAI_CHAT("openai-chat"),
    GEMINI("gemini"),
    SCRIPT("script");

    private final String prefix;

    Family(String prefix) {
      this.prefix = prefix;
    }
  }

  public ModelName {
    if (id.isBlank()) {
      throw new IllegalArgumentException(
          "model `%s:` names no model: write it behind the colon".formatted(family.prefix));
    }
  }

  /** Reads {@code family:id}. */
  public static ModelName parse(String text) {
    int colon = text.indexOf(':');
    for (var family : Family.values()) {
      if (colon > 0 && family.prefix.equals(text.substring(0, colon))) {
        return new ModelName(family, text.substring(colon + 1));
      }
    }
    throw new IllegalArgumentException(
        "model `%s` is not allowed: it must be %s"
            .formatted(
                text,
                Arrays.stream(Family.values())
                    .map(family -> "`" + family.prefix + ":…`")
                    .collect(Collectors.joining(", "))));
  }

  @Override
  public String toString() {
    return family.prefix + ":" + id;
  }
}
