package dev.holdfast.tool.builtin;

import dev.holdfast.tool.Reach;
import dev.holdfast.tool.Tool;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.tool.registry.DefinitionReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A tool in code whose definition is data: the resource {@code <name>.yaml} beside this class. */
abstract class BuiltIn implements Tool {
  private static final YAMLMapper YAML = new YAMLMapper();

  private final ToolDefinition definition;

  BuiltIn(String name) {
    try (var resource = BuiltIn.class.getResourceAsStream(name + ".yaml")) {
      definition = DefinitionReader.read(YAML.readTree(resource));
    } catch (IOException e) {
      throw new UncheckedIOException("definition of `%s` cannot be read".formatted(name), e);
    }
  }

  @Override
  public final ToolDefinition definition() {
    return definition;
  }

  @Override
  public final Reach reach(JsonNode input) {
    return reach(new Input(input));
  }

  @Override
  public final JsonNode call(ToolContext context, JsonNode input) {
    return call(context, new Input(input));
  }

  abstract Reach reach(Input input);

  abstract JsonNode call(ToolContext context, Input input);
}
