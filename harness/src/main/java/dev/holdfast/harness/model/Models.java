package dev.holdfast.harness.model;

import java.util.Map;

/**
 * Opens models by name. A provider's library is loaded when the first of its models is opened, not
 * before: it costs start-up time.
 */
public final class Models {
  private final ModelCatalog catalog;
  private final Map<String, String> environment;

  /**
   * @param environment where keys and base URLs are looked up, as in {@link System#getenv()}
   */
  public Models(ModelCatalog catalog, Map<String, String> environment) {
    this.catalog = catalog;
    this.environment = Map.copyOf(environment);
  }

  /**
   * Opens the model {@code name}.
   *
   * @throws IllegalArgumentException when the name is not one, when its key is missing, or when its
   *     script cannot be read
   */
  public Model open(String name) {
    var parsed = ModelName.parse(name);
    var facts = catalog.facts(parsed);
    return switch (parsed.family()) {
      case SCRIPT -> new ScriptModel(parsed, facts);
      case ANTHROPIC, OPENAI, OPENAI_CHAT, GEMINI ->
          throw new IllegalArgumentException("model `%s` is not allowed".formatted(name));
    };
  }

  String environment(String variable) {
    return environment.getOrDefault(variable, "");
  }
}
