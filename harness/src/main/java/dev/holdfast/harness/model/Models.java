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
      case ANTHROPIC ->
          new AnthropicModel(
              parsed, facts, connection(parsed, "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"));
      case OPENAI ->
          new ResponsesModel(
              parsed, facts, connection(parsed, "OPENAI_API_KEY", "OPENAI_BASE_URL"));
      case OPENAI_CHAT ->
          new ChatModel(parsed, facts, connection(parsed, "OPENAI_API_KEY", "OPENAI_BASE_URL"));
      case GEMINI ->
          new GeminiModel(
              parsed, facts, connection(parsed, "GEMINI_API_KEY", "GOOGLE_GEMINI_BASE_URL"));
    };
  }

  private Connection connection(ModelName model, String keyVariable, String urlVariable) {
    return Connection.read(model, environment, keyVariable, urlVariable);
  }
}
