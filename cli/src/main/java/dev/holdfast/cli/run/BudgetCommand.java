package dev.holdfast.cli.run;

import dev.holdfast.budget.Meter;
import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.wiring.Installation;
import dev.holdfast.run.RunState;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast budget}. */
public final class BudgetCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Syntax.command("Shows what a run may use, has used and has left, meter by meter.")
        .addPositional(Runs.argument());
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    try (var log = Installation.openLog(context.home())) {
      var state = RunState.of(log.read(Runs.named(arguments, log), 0));
      for (var meter : Meter.values()) {
        print(meter, state, context);
      }
    }
    return ExitCode.OK.number();
  }

  private static void print(Meter meter, RunState state, Context context) {
    long used = state.used().get(meter);
    var limit = state.budget().byMeter().get(meter);
    if (context.terminal().json()) {
      context
          .terminal()
          .json(
              limit == null
                  ? Map.of("meter", meter, "used", used)
                  : Map.of("meter", meter, "used", used, "limit", limit));
    } else {
      context
          .terminal()
          .line(
              "%-14s %12d of %s"
                  .formatted(EventText.lower(meter), used, limit == null ? "no limit" : limit));
    }
  }
}
