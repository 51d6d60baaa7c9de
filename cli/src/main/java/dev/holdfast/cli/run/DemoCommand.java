package dev.holdfast.cli.run;

import dev.holdfast.actor.Account;
import dev.holdfast.actor.AgentId;
import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Style;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.demo.DemoProject;
import dev.holdfast.cli.doctor.Readiness;
import dev.holdfast.cli.wiring.Checkout;
import dev.holdfast.cli.wiring.Installation;
import dev.holdfast.run.RunState;
import dev.holdfast.run.Scenario;
import dev.holdfast.runs.RunRequest;
import dev.holdfast.tool.gate.Answer;
import dev.holdfast.workbench.Caps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast demo}: the main job, for real, with a scripted model. */
public final class DemoCommand implements Command {
  private static final long DISK_BYTES = 1L << 30;

  @Override
  public CommandSpec spec() {
    var spec =
        Syntax.command(
                "An agent fixes a real defect in a real git repository. Every call is decided, run in a",
                "workbench, charged and recorded; you see the change and the evidence, and approve it.",
                "The model is scripted, everything else is real.",
                "Installs first what is required and missing, as `holdfast doctor --fix` does.")
            .addOption(
                Syntax.option(
                    "--directory",
                    "DIR",
                    String.class,
                    "Where the project is made; otherwise a new one."))
            .addOption(Runs.asUser());
    Layers.addTo(spec);
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException, InterruptedException {
    Layers.check(arguments);
    Readiness.ensure(context);
    var terminal = context.terminal();
    var demo = DemoProject.create(directory(arguments, context));
    var by = Runs.user(arguments, context);
    var counter = new TerminalCounter(by, terminal, System.in, Duration.ZERO);
    var screen = new RunScreen(terminal);
    if (!terminal.json()) {
      terminal.line("project  " + demo.repository());
      terminal.line("task     " + demo.task());
      terminal.line("");
    }
    try (var interruption = Interruption.heed(terminal);
        var holdfast = Installation.open(context, Checkout.NONE, Caps.DEFAULT, screen::event)) {
      interruption.stopsWith(holdfast.runs()::stop);
      var agent = holdfast.agent(List.of("script:" + demo.script()), screen::says);
      var run = holdfast.runs().open(request(holdfast, demo, arguments, counter));
      var state = holdfast.runs().execute(run, agent, counter);
      return decide(holdfast, state, demo, screen, counter, context);
    }
  }

  private static RunRequest request(
      Installation holdfast, DemoProject demo, ParseResult arguments, TerminalCounter counter) {
    return new RunRequest(
        counter.person(),
        Account.local("ledger", AgentId.BUILT_IN),
        Scenario.ASSIST,
        demo.task(),
        "script:" + demo.script(),
        Limits.DEFAULT,
        demo.repository().toString(),
        "HEAD",
        false,
        Layers.placement(arguments, holdfast.placer()),
        DISK_BYTES);
  }

  private static int decide(
      Installation holdfast,
      RunState state,
      DemoProject demo,
      RunScreen screen,
      TerminalCounter counter,
      Context context) {
    var submitted =
        state
            .submitted()
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.FAILED,
                        "the demo's run stopped early: %s; `holdfast show %s` says more"
                            .formatted(Runs.phase(state), state.id())));
    screen.change(submitted, holdfast.blobs());
    if (!approved(counter, context)) {
      screen.next(state.id(), "approve", "reject", "diff", "takeover");
      return ExitCode.REFUSED.number();
    }
    var committed = holdfast.runs().approve(state.id(), counter.person(), "");
    ApproveCommand.report(committed, context);
    if (!context.terminal().json()) {
      closing(state, demo, committed.branch(), context);
    }
    return ExitCode.OK.number();
  }

  private static void closing(RunState state, DemoProject demo, String branch, Context context) {
    var terminal = context.terminal();
    terminal.line("");
    terminal.line(terminal.paint(Style.BOLD, "Look at it"));
    terminal.line("  git -C %s show %s".formatted(demo.repository(), branch));
    terminal.line("  ./holdfast show %s".formatted(state.id()));
    terminal.line("  ./holdfast audit verify %s".formatted(state.id()));
    terminal.line(terminal.paint(Style.BOLD, "Then give an agent a task of your own"));
    terminal.line("  ./holdfast run --repo . --task \"…\" --model anthropic:claude-sonnet-4-5");
  }

  /** Where nobody sits at a terminal, the demo approves for them and says so. */
  private static boolean approved(TerminalCounter counter, Context context) {
    if (!context.terminal().interactive()) {
      context.terminal().note("no terminal: the demo approves the change for you");
      return true;
    }
    return counter.approve("commit this change", Optional::empty) instanceof Answer.Approved;
  }

  private static Path directory(ParseResult arguments, Context context) throws IOException {
    String given = arguments.matchedOptionValue("--directory", "");
    if (!given.isEmpty()) {
      return context.resolve(given);
    }
    var demos = Files.createDirectories(context.home().resolve("demo"));
    return Files.createTempDirectory(demos, "");
  }
}
