package dev.holdfast.cli.govern;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.cli.wiring.Installation;
import dev.holdfast.run.RunState;
import dev.holdfast.run.StopReason;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast clean}: what dead processes left, and the workspaces of concluded runs. */
public final class CleanCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Syntax.command(
            "Removes what dead processes left, and the workspaces of runs that are done. Logs stay.")
        .addOption(Syntax.flag("--rejected", "Also the workspaces of rejected runs."))
        .addOption(Syntax.flag("--dry-run", "Only says what would be removed."));
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    boolean dry = arguments.hasMatchedOption("--dry-run");
    try (var log = Installation.openLog(context.home())) {
      for (var first : log.runs()) {
        var state = RunState.of(log.read(first.run(), 0));
        if (concluded(state, arguments.hasMatchedOption("--rejected"))) {
          say(state, dry, context.terminal());
        }
      }
    }
    if (!dry) {
      try (var holdfast = Installation.open(context)) {
        holdfast.runs().clean(state -> concluded(state, arguments.hasMatchedOption("--rejected")));
      }
    }
    return ExitCode.OK.number();
  }

  private static boolean concluded(RunState state, boolean rejectedToo) {
    return state
        .stopped()
        .map(stop -> stop.reason())
        .filter(
            reason -> reason == StopReason.DONE || (rejectedToo && reason == StopReason.REJECTED))
        .isPresent();
  }

  private static void say(RunState state, boolean dry, Terminal terminal) {
    if (terminal.json()) {
      terminal.json(
          Map.of(
              "run", state.id().value(),
              "workspace", state.intake().workspace().value(),
              "removed", !dry));
    } else {
      terminal.line(
          "%s workspace %s of run %s"
              .formatted(dry ? "would remove" : "removes", state.intake().workspace(), state.id()));
    }
  }
}
