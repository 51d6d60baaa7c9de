package dev.holdfast.cli.run;

import dev.holdfast.budget.Meter;
import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.cli.wiring.Installation;
import dev.holdfast.run.RunState;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast runs}. */
public final class RunsCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Syntax.command("Lists the runs, newest first: id, state, cost, task.")
        .addOption(
            Syntax.option("--limit", "N", Integer.class, "How many at the most; otherwise 20."));
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    int limit = arguments.matchedOptionValue("--limit", 20);
    try (var log = Installation.openLog(context.home())) {
      var runs = log.runs();
      for (var first : runs.subList(0, Math.min(limit, runs.size()))) {
        print(RunState.of(log.read(first.run(), 0)), context.terminal());
      }
      if (runs.isEmpty()) {
        context.terminal().note("no runs yet; `holdfast run --help` says how to start one");
      }
    }
    return ExitCode.OK.number();
  }

  private static void print(RunState run, Terminal terminal) {
    var microUsd = run.used().get(Meter.MICRO_USD);
    if (terminal.json()) {
      terminal.json(
          Map.of(
              "run", run.id().value(),
              "state", Runs.phase(run),
              "micro_usd", microUsd,
              "task", run.intake().request(),
              "branch", run.intake().branch()));
    } else {
      terminal.line(
          "%s  %-20s  $%.4f  %s"
              .formatted(
                  run.id(),
                  Runs.phase(run),
                  microUsd / 1e6,
                  EventText.oneLine(run.intake().request())));
    }
  }
}
