package dev.holdfast.cli.audit;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Style;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.cli.run.Runs;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunId;
import dev.holdfast.store.SqliteEventLog;
import java.util.LinkedHashMap;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast audit}. */
public final class AuditCommand implements Command {
  @Override
  public CommandSpec spec() {
    var spec = Syntax.command("Checks the runs' event logs.");
    Syntax.subcommand(
            spec,
            "verify",
            "Checks numbers, hashes and payloads of every event of a run, or of every run.",
            "",
            "Ends with 1 when something does not hold.")
        .addPositional(Syntax.optional(0, "RUN", "One run; every run when left out."));
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    if (!arguments.hasSubcommand()) {
      throw new CommandFailure(ExitCode.USAGE, "say what to do: `holdfast audit verify`");
    }
    String prefix = arguments.subcommand().matchedPositionalValue(0, "");
    var intact = true;
    try (var log = new SqliteEventLog(context.home())) {
      for (var run : runs(log, prefix)) {
        intact &= report(run, log.verify(run), context.terminal());
      }
    }
    return (intact ? ExitCode.OK : ExitCode.FAILED).number();
  }

  private static List<RunId> runs(EventLog log, String prefix) {
    if (prefix.isEmpty()) {
      return log.runs().stream().map(RecordedEvent::run).toList();
    }
    return List.of(Runs.find(prefix, log));
  }

  private static boolean report(RunId run, EventLog.Verification result, Terminal terminal) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("run", run.value());
    String line;
    switch (result) {
      case EventLog.Verification.Intact(long events, String head) -> {
        facts.put("intact", true);
        facts.put("events", events);
        facts.put("head", head);
        var word = terminal.paint(Style.GREEN, "intact");
        line = "%s  %s  %d events, head %s".formatted(run, word, events, head);
      }
      case EventLog.Verification.Broken(long seq, String what) -> {
        facts.put("intact", false);
        facts.put("seq", seq);
        facts.put("what", what);
        var word = terminal.paint(Style.RED, "BROKEN");
        line = "%s  %s  at event %d: %s".formatted(run, word, seq, Terminal.safe(what));
      }
    }
    if (terminal.json()) {
      terminal.json(facts);
    } else {
      terminal.line(line);
    }
    return result instanceof EventLog.Verification.Intact;
  }
}
