package dev.holdfast.cli.run;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.run.RunEvent;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast reject}. */
public final class RejectCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Syntax.command(
            "Rejects what a run waits for: its submitted change, or a tool call.",
            "The run can be resumed, with your comment as feedback for the agent.")
        .addPositional(Runs.argument())
        .addOption(
            Syntax.option("--comment", "TEXT", String.class, "Why; recorded, and told the agent."))
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
        var asked = state.waitingFor().get();
        holdfast
            .runs()
            .answer(
                run, new RunEvent.ApprovalDenied(asked.approval(), asked.binding(), by, comment));
      } else {
        holdfast.runs().reject(run, by, comment);
      }
      context.terminal().note("rejected run " + run);
    }
    return ExitCode.OK.number();
  }
}
