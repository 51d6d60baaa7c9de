package dev.holdfast.cli.govern;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.cli.wiring.Installation;
import dev.holdfast.run.RunState;
import dev.holdfast.run.StopReason;
import dev.holdfast.runs.RunService;
import dev.holdfast.server.workbench.SavedSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast clean}: removes what nobody needs any more, except logs. */
public final class CleanCommand implements Command {
  private static final int UNUSED_DAYS = 14;

  @Override
  public CommandSpec spec() {
    return Syntax.command("Removes what nobody needs any more; logs stay.")
        .addOption(Syntax.flag("--rejected", "Also the workspaces of rejected runs."))
        .addOption(
            Syntax.option(
                "--unused-for",
                "DAYS",
                Integer.class,
                "Only trees that were last used so long ago; %d.".formatted(UNUSED_DAYS)))
        .addOption(Syntax.flag("--dry-run", "Only says what would be removed."));
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    boolean dry = arguments.hasMatchedOption("--dry-run");
    var rejectedToo = arguments.hasMatchedOption("--rejected");
    var idle = idle(arguments);
    var runs =
        dry
            ? removable(context, state -> concluded(state, rejectedToo))
            : remove(context, state -> concluded(state, rejectedToo));
    runs.forEach(state -> say(state, dry, context.terminal()));
    var workspaces = Installation.workspaces(context.home());
    var kept = SavedSession.origins(context.home());
    (dry ? workspaces.unused(idle, kept) : workspaces.removeUnused(idle, kept))
        .forEach(tree -> say(tree, dry, context.terminal()));
    return ExitCode.OK.number();
  }

  private static Duration idle(ParseResult arguments) {
    int days = arguments.matchedOptionValue("--unused-for", UNUSED_DAYS);
    if (days < 1) {
      throw new CommandFailure(
          ExitCode.USAGE, "`--unused-for %d` is not allowed: 1 or more days".formatted(days));
    }
    return Duration.ofDays(days);
  }

  private static List<RunState> removable(Context context, Predicate<RunState> done) {
    try (var log = Installation.openLog(context.home())) {
      return RunService.removable(log, Installation.workspaces(context.home()), done);
    }
  }

  private static List<RunState> remove(Context context, Predicate<RunState> done) {
    try (var holdfast = Installation.open(context)) {
      return holdfast.runs().clean(done);
    }
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
              .formatted(dry ? "would remove" : "removed", state.intake().workspace(), state.id()));
    }
  }

  private static void say(Path tree, boolean dry, Terminal terminal) {
    if (terminal.json()) {
      terminal.json(Map.of("tree", tree.toString(), "removed", !dry));
    } else {
      terminal.line("%s unused tree %s".formatted(dry ? "would remove" : "removed", tree));
    }
  }
}
