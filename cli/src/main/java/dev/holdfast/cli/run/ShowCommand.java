package dev.holdfast.cli.run;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Style;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.wiring.Installation;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast show}. */
public final class ShowCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Syntax.command(
            "Shows a run: who asked for what, what it did step by step, what it used, where it is.")
        .addPositional(Runs.argument());
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    try (var log = Installation.openLog(context.home())) {
      var events = log.read(Runs.named(arguments, log), 0);
      var state = RunState.of(events);
      if (context.terminal().json()) {
        context.terminal().json(facts(state));
      } else {
        print(events, state, context);
      }
    }
    return ExitCode.OK.number();
  }

  private static void print(List<RecordedEvent> events, RunState state, Context context) {
    var terminal = context.terminal();
    facts(state)
        .forEach(
            (name, value) ->
                terminal.line(
                    "%s %s"
                        .formatted(
                            terminal.paint(Style.BOLD, "%-12s".formatted(name)),
                            EventText.oneLine(String.valueOf(value)))));
    terminal.line("");
    var text = new EventText(terminal);
    events.forEach(event -> text.line(event).ifPresent(terminal::line));
  }

  private static Map<String, Object> facts(RunState state) {
    var intake = state.intake();
    var facts = new LinkedHashMap<String, Object>();
    facts.put("run", state.id().value());
    facts.put("state", Runs.phase(state));
    facts.put("task", intake.request());
    facts.put("user", intake.user().value());
    facts.put("scenario", EventText.lower(intake.scenario()));
    facts.put("risk", EventText.lower(intake.riskTier()));
    facts.put("autonomy", EventText.lower(state.autonomy()));
    facts.put("layer", state.placement().layer().typed());
    facts.put("model", intake.model());
    facts.put("repository", intake.repository());
    facts.put("base", intake.base().value());
    facts.put("branch", intake.branch());
    facts.put("policy", state.policyVersion());
    facts.put("used", state.used().byMeter());
    facts.put("budget", state.budget().byMeter());
    state.waitingFor().ifPresent(asked -> facts.put("waits for", asked.subject()));
    state.committed().ifPresent(commit -> facts.put("commit", commit.commit().value()));
    return facts;
  }
}
