package dev.holdfast.cli.run;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Style;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.cli.wiring.Installation;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast diff}. */
public final class DiffCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Syntax.command("Prints a run's change as a unified diff that git can apply.")
        .addPositional(Runs.argument());
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    try (var holdfast = Installation.open(context)) {
      var diff = holdfast.runs().diff(Runs.named(arguments, holdfast.log()));
      var terminal = context.terminal();
      if (terminal.json()) {
        terminal.json(Map.of("diff", diff));
      } else if (terminal.screen()) {
        diff.lines().forEach(line -> terminal.line(painted(line, terminal)));
      } else {
        terminal.out().print(diff);
      }
    }
    return ExitCode.OK.number();
  }

  /** A line of a diff, harmless for a terminal. */
  static String painted(String line, Terminal terminal) {
    var safe = Terminal.safe(line);
    if (line.startsWith("+")) {
      return terminal.paint(Style.GREEN, safe);
    }
    if (line.startsWith("-")) {
      return terminal.paint(Style.RED, safe);
    }
    return line.startsWith("@@") ? terminal.paint(Style.CYAN, safe) : safe;
  }
}
