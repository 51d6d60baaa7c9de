package dev.holdfast.cli.run;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.wiring.Installation;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunEvent;
import dev.holdfast.workspace.CheckpointId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast rollback}. */
public final class RollbackCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Syntax.command(
            "Takes a run's workspace back to a saved state, untracked and ignored files included.",
            "Without --to it lists the saved states.")
        .addPositional(Runs.argument())
        .addOption(
            Syntax.option("--to", "CHECKPOINT", String.class, "The saved state, for example k-3."))
        .addOption(Runs.asUser());
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    String to = arguments.matchedOptionValue("--to", "");
    if (to.isEmpty()) {
      return list(arguments, context);
    }
    try (var holdfast = Runs.open(arguments, context)) {
      var run = Runs.named(arguments, holdfast.log());
      var by = Runs.user(arguments, context);
      var counter = new TerminalCounter(by, context.terminal(), System.in, Duration.ZERO);
      holdfast.runs().rollback(run, checkpoint(to), "by " + by, counter);
      context.terminal().note("run %s is back at %s".formatted(run, to));
    }
    return ExitCode.OK.number();
  }

  private static int list(ParseResult arguments, Context context) {
    try (var log = Installation.openLog(context.home())) {
      print(log.read(Runs.named(arguments, log), 0), context);
    }
    return ExitCode.OK.number();
  }

  private static void print(List<RecordedEvent> events, Context context) {
    var text = new EventText(context.terminal());
    for (var event : events) {
      if (event.event() instanceof RunEvent.Checkpointed(var id, var label)) {
        if (context.terminal().json()) {
          context.terminal().json(Map.of("checkpoint", id.toString(), "after", label));
        } else {
          context.terminal().line("%s  after %s".formatted(id, label));
        }
      } else if (event.event() instanceof RunEvent.Ended && !context.terminal().json()) {
        text.line(event).ifPresent(context.terminal()::line);
      }
    }
  }

  private static CheckpointId checkpoint(String to) {
    try {
      return CheckpointId.parse(to);
    } catch (IllegalArgumentException wrong) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
  }
}
