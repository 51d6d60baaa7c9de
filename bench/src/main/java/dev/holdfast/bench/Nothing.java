package dev.holdfast.bench;

import dev.holdfast.tool.Effect;
import dev.holdfast.tool.Reach;
import dev.holdfast.tool.Tool;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.tool.ToolLimits;
import dev.holdfast.workbench.ExecSpec;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tools that do as little as a tool can, so that what remains is the gate's own cost. */
final class Nothing {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String INPUT =
      """
      {"type":"object","additionalProperties":false,"required":["path"],
       "properties":{"path":{"type":"string","minLength":1,"maxLength":1024}}}""";

  private Nothing() {}

  /** Answers at once, without a process. */
  static Tool withoutProcess() {
    return tool("look", Effect.READ, List.of());
  }

  /** Runs {@code true} in the workbench. */
  static Tool runningTrue() {
    return tool("run_true", Effect.EXECUTE, List.of("true"));
  }

  static JsonNode input() {
    return JSON.readTree("{\"path\":\"src/main.py\"}");
  }

  private static Tool tool(String name, Effect effect, List<String> argv) {
    var definition =
        new ToolDefinition(
            name,
            "1.0.0",
            "Measures.",
            JSON.readTree(INPUT),
            JSON.readTree("{\"type\":\"boolean\"}"),
            List.of(),
            Set.of(effect),
            true,
            true,
            "none",
            ToolLimits.DEFAULT,
            List.of());
    return new Measured(definition, argv);
  }

  private record Measured(ToolDefinition definition, List<String> argv) implements Tool {
    @Override
    public Reach reach(JsonNode input) {
      return argv.isEmpty()
          ? Reach.ofPaths(List.of(input.path("path").asString()))
          : Reach.ofArgv(argv);
    }

    @Override
    public JsonNode call(ToolContext context, JsonNode input) {
      boolean fine =
          argv.isEmpty()
              || context.workbench().exec(ExecSpec.of(argv.toArray(String[]::new))).succeeded();
      return JSON.valueToTree(fine);
    }
  }
}
