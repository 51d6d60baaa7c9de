package dev.holdfast.cli;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.completion.Shell;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast completion}. The one command that loads every other: it lists their options. */
final class CompletionCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Syntax.command(
            "Prints a completion script.",
            "",
            "bash: source <(holdfast completion bash)",
            "zsh:  source <(holdfast completion zsh)",
            "fish: holdfast completion fish | source")
        .addPositional(
            PositionalParamSpec.builder()
                .index("0")
                .type(Shell.class)
                .arity("1")
                .paramLabel("SHELL")
                .completionCandidates(Syntax.words(Shell.class))
                .description("bash, zsh or fish.")
                .build());
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    Shell shell = arguments.matchedPositionalValue(0, Shell.BASH);
    context.terminal().out().print(shell.script(everything()));
    return ExitCode.OK.number();
  }

  private static CommandSpec everything() {
    var root = CommandSpec.create().name("holdfast");
    for (var name : CommandName.values()) {
      var spec = name.load().spec();
      spec.usageMessage().description(name.summary());
      root.addSubcommand(name.typed(), spec);
    }
    GlobalOptions.addTo(root);
    return new CommandLine(root).getCommandSpec();
  }
}
