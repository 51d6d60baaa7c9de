package dev.holdfast.tool.declared;

import dev.holdfast.tool.Reach;
import dev.holdfast.tool.Tool;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.builtin.Programs;
import dev.holdfast.tool.builtin.WorkspacePath;
import dev.holdfast.tool.registry.InputCheck;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.WorkbenchSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A tool that runs the command of its declaration in the workbench, or calls its function. */
public final class DeclaredTool implements Tool {
  private final String file;
  private final ToolDefinition definition;
  private final Map<String, Parameter> parameters;
  private final Template template;
  private final Output output;
  private final InputCheck check;
  private final Optional<PureFunction> function;

  /**
   * @param function what it calls; empty when it runs a command
   */
  DeclaredTool(
      String file,
      ToolDefinition definition,
      Map<String, Parameter> parameters,
      Template template,
      Output output,
      InputCheck check,
      Optional<PureFunction> function) {
    this.file = file;
    this.definition = definition;
    this.parameters = parameters;
    this.template = template;
    this.output = output;
    this.check = check;
    this.function = function;
  }

  /** Where it is declared. */
  public String file() {
    return file;
  }

  @Override
  public ToolDefinition definition() {
    return definition;
  }

  /** Whether it says itself what a model should do when it fails. */
  public boolean guided() {
    return output.guided();
  }

  /**
   * What each argument of its command begins with whatever the input, program first; none when it
   * runs no command.
   */
  public List<String> fixedWords() {
    if (function.isPresent()) {
      return List.of();
    }
    return template.words().stream()
        .flatMap(word -> word.arguments().stream())
        .map(Argument::opening)
        .filter(text -> !text.isEmpty())
        .toList();
  }

  /**
   * The program with its arguments, the files and the variables of its environment. An input whose
   * command cannot be built reaches nothing: the call refuses it, too.
   */
  @Override
  public Reach reach(JsonNode input) {
    try {
      var rendering = rendering(input);
      var paths = new ArrayList<>(rendering.values().paths());
      rendering.directory().map(WorkspacePath::of).ifPresent(paths::add);
      return new Reach(paths, List.of(), "", function.isPresent() ? List.of() : asSeen(rendering));
    } catch (ToolFault unusable) {
      return Reach.NOTHING;
    }
  }

  /** The command with its environment before it, so that policies judge both. */
  private static List<String> asSeen(Rendering rendering) {
    var env = rendering.env();
    if (env.isEmpty()) {
      return rendering.command();
    }
    var argv = new ArrayList<>(List.of("env"));
    env.forEach((name, value) -> argv.add(name + "=" + value));
    argv.addAll(rendering.command());
    return argv;
  }

  @Override
  public JsonNode call(ToolContext context, JsonNode input) {
    var rendering = rendering(input);
    if (function.isPresent()) {
      return read(function.get().call(context, rendering, input));
    }
    rendering.values().paths().forEach(WorkspacePath::require);
    var directory = rendering.directory().map(WorkspacePath::of).orElse(".");
    if (!directory.equals(".")) {
      WorkspacePath.requireExisting(context.workbench().files(), directory);
    }
    var spec =
        Programs.spec(context, rendering.command())
            .withEnv(rendering.env())
            .withDirectory(inWorkspace(directory))
            .withWallTime(time(context, rendering.timeout()));
    return read(Programs.run(context, spec));
  }

  private JsonNode read(ExecResult result) {
    return output.read(template.program(), result, definition.limits().outputBytes(), check);
  }

  private static String inWorkspace(String directory) {
    return directory.equals(".")
        ? WorkbenchSpec.WORKSPACE
        : WorkbenchSpec.WORKSPACE + "/" + directory;
  }

  private static Duration time(ToolContext context, Optional<String> seconds) {
    return seconds
        .map(
            it ->
                Programs.within(
                    context, Math.clamp(Long.parseLong(it), 1, TemplateReader.MOST_SECONDS)))
        .orElseGet(context::timeLeft);
  }

  private Rendering rendering(JsonNode input) {
    var values = new Values(parameters, input, template.directory().isPresent());
    return new Rendering(template, values);
  }

  /** The command for an input, as a check that there is one. */
  List<String> command(JsonNode input) {
    return rendering(input).command();
  }
}
