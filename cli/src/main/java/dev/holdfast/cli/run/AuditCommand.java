package dev.holdfast.cli.run;

import dev.holdfast.cli.Installation;
import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Style;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.EventLog.Verification;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunId;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast audit verify}: is the log what it was when it was written? */
public final class AuditCommand implements Command {
  @Override
  public CommandSpec spec() {
    var spec = Syntax.command("Checks the event log.");
    Syntax.subcommand(
            spec,
            "verify",
            "Checks a run's chain, or every run's: numbers, hashes, and that every payload that an",
            "event names is there and unchanged. Keep a head hash elsewhere to detect a replaced log.")
        .addPositional(
            Syntax.optional(0, "RUN", "The run's id, or the beginning of it; otherwise all runs."));
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    if (!arguments.hasSubcommand()) {
      context.terminal().note("holdfast: `audit` needs a sub-command: verify");
      return ExitCode.USAGE.number();
    }
    var named = arguments.subcommand();
    try (var log = Installation.openLog(context.home())) {
      boolean intact = true;
      for (var run : runs(named, log)) {
        intact &= report(run, log.verify(run), context.terminal());
      }
      return (intact ? ExitCode.OK : ExitCode.FAILED).number();
    }
  }

  private static List<RunId> runs(ParseResult arguments, EventLog log) {
    return arguments.hasMatchedPositional(0)
        ? List.of(Runs.named(arguments, log))
        : log.runs().stream().map(RecordedEvent::run).toList();
  }

  private static boolean report(RunId run, Verification found, Terminal terminal) {
    return switch (found) {
      case Verification.Intact(long events, String head) -> {
        if (terminal.json()) {
          terminal.json(Map.of("run", run.value(), "intact", true, "events", events, "head", head));
        } else {
          var word = terminal.paint(Style.GREEN, "intact");
          terminal.line("%s  %s  %d events, head %s".formatted(run, word, events, head));
        }
        yield true;
      }
      case Verification.Broken(long seq, String what) -> {
        if (terminal.json()) {
          terminal.json(Map.of("run", run.value(), "intact", false, "seq", seq, "what", what));
        } else {
          var word = terminal.paint(Style.RED, "broken");
          terminal.line("%s  %s  at event %d: %s".formatted(run, word, seq, what));
        }
        yield false;
      }
    };
  }
}
