package dev.holdfast.cli.run;

import dev.holdfast.actor.UserId;
import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.wiring.Installation;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunState;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast approve}: a run's submitted change, or the call that it waits with. */
public final class ApproveCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Syntax.command(
            "Approves what a run waits for.",
            "A submitted change becomes a commit on the run's branch of your repository; a tool call",
            "that the policy wants approved goes on.")
        .addPositional(Runs.argument())
        .addOption(Syntax.option("--comment", "TEXT", String.class, "Why; recorded with it."))
        .addOption(Runs.asUser());
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    var by = Runs.user(arguments, context);
    String comment = arguments.matchedOptionValue("--comment", "");
    try (var holdfast = Runs.open(arguments, context)) {
      var run = Runs.named(arguments, holdfast.log());
      var state = holdfast.runs().state(run);
      if (state.stopped().isEmpty() && state.waitingFor().isPresent()) {
        return call(holdfast, state, by, comment);
      }
      var committed = holdfast.runs().approve(run, by, comment);
      report(committed, context);
    }
    return ExitCode.OK.number();
  }

  private static int call(Installation holdfast, RunState state, UserId by, String comment) {
    var asked = state.waitingFor().orElseThrow();
    holdfast
        .runs()
        .answer(
            state.id(), new RunEvent.ApprovalGiven(asked.approval(), asked.binding(), by, comment));
    return ExitCode.OK.number();
  }

  static void report(RunEvent.Committed committed, Context context) {
    if (context.terminal().json()) {
      context
          .terminal()
          .json(Map.of("commit", committed.commit().value(), "branch", committed.branch()));
    } else {
      context
          .terminal()
          .line("committed %s on branch %s".formatted(committed.commit(), committed.branch()));
    }
  }
}
