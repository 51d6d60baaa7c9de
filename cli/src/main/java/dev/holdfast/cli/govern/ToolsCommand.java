package dev.holdfast.cli.govern;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Style;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.wiring.Checkout;
import dev.holdfast.cli.wiring.Installation;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.tool.export.ToolExport;
import dev.holdfast.tool.registry.ToolRegistry;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code holdfast tools}: what agents can call. */
public final class ToolsCommand implements Command {
  private static final JsonMapper PRETTY =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** The forms in which a definition can be printed. */
  public enum Format {
    HOLDFAST,
    ANTHROPIC,
    OPENAI,
    OPENAI_CHAT,
    GEMINI,
    MCP
  }

  @Override
  public CommandSpec spec() {
    var spec = Syntax.command("Shows the tools that agents can call.");
    addFormat(Syntax.subcommand(spec, "list", "Lists the tools: name, effects, what it does."));
    addFormat(
        Syntax.subcommand(spec, "show", "Prints a tool's definition.")
            .addPositional(Syntax.argument(0, "TOOL", "Its name.")));
    Syntax.subcommand(
            spec,
            "lint",
            "Finds definitions that agents will misuse, and says how to mend them.",
            "FILE is a declaration (.yaml), or the tools of another server or request (.json); every",
            "tool that an agent would have here when left out. Ends with 1 when there are errors.")
        .addPositional(Syntax.rest(0, "0..*", "FILE", "What to check."));
    return spec;
  }

  private static void addFormat(CommandSpec spec) {
    spec.addOption(
        Syntax.option(
            "--format",
            "FORM",
            Format.class,
            "As JSON in this form: holdfast, anthropic, openai, openai_chat, gemini or mcp."));
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    var sub = arguments.hasSubcommand() ? arguments.subcommand() : arguments;
    if (sub.commandSpec().name().equals("lint")) {
      List<String> files = sub.matchedPositionalValue(0, List.of());
      return ToolsLint.run(files.stream().map(context::resolve).toList(), context);
    }
    var registry =
        new ToolRegistry(Installation.tools(context.home(), Checkout.around(context.directory())));
    switch (sub.commandSpec().name()) {
      case "list" -> registry.definitions().forEach(tool -> list(tool, sub, context));
      case "show" -> show(registry, sub, context);
      default ->
          throw new CommandFailure(
              ExitCode.USAGE, "`tools` needs a sub-command: list, show or lint");
    }
    return ExitCode.OK.number();
  }

  private static void list(ToolDefinition tool, ParseResult arguments, Context context) {
    var terminal = context.terminal();
    if (terminal.json() || arguments.hasMatchedOption("--format")) {
      terminal.json(form(tool, arguments.matchedOptionValue("--format", Format.HOLDFAST)));
      return;
    }
    var effects =
        tool.effects().stream()
            .map(effect -> effect.name().toLowerCase(Locale.ROOT))
            .sorted()
            .collect(Collectors.joining(","));
    terminal.line(
        "%s %-14s %s"
            .formatted(
                terminal.paint(Style.BOLD, "%-14s".formatted(tool.name())),
                effects,
                tool.description().lines().findFirst().orElse("")));
  }

  private static void show(ToolRegistry registry, ParseResult arguments, Context context) {
    var resolution = registry.resolve(arguments.matchedPositionalValue(0, ""));
    switch (resolution) {
      case ToolRegistry.Found(var tool) -> {
        var format = arguments.matchedOptionValue("--format", Format.HOLDFAST);
        context.terminal().line(PRETTY.writeValueAsString(form(tool.definition(), format)));
      }
      case ToolRegistry.Unknown(var error) ->
          throw new CommandFailure(ExitCode.USAGE, error.message() + "; " + error.next());
    }
  }

  private static ObjectNode form(ToolDefinition tool, Format format) {
    return switch (format) {
      case HOLDFAST -> PRETTY.valueToTree(tool);
      case ANTHROPIC -> ToolExport.anthropic(tool);
      case OPENAI -> ToolExport.openai(tool);
      case OPENAI_CHAT -> ToolExport.openaiChat(tool);
      case GEMINI -> ToolExport.gemini(tool);
      case MCP -> ToolExport.mcp(tool);
    };
  }
}
