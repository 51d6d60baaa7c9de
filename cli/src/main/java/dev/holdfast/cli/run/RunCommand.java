package dev.holdfast.cli.run;

import dev.holdfast.actor.Account;
import dev.holdfast.actor.AgentId;
import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.image.Images;
import dev.holdfast.cli.wiring.Checkout;
import dev.holdfast.cli.wiring.Installation;
import dev.holdfast.run.RunState;
import dev.holdfast.run.Scenario;
import dev.holdfast.runs.RunRequest;
import dev.holdfast.tool.gate.Answer;
import dev.holdfast.workbench.Placement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast run}: gives an agent a task in a repository, and stays until it stops. */
public final class RunCommand implements Command {
  @Override
  public CommandSpec spec() {
    var spec =
        Syntax.command(
            "Gives an agent a task in a git repository. It works in a workbench, on a workspace of its",
            "own; your checkout is not touched. What it proposes waits for your approval.",
            "",
            "A run that was stopped or killed goes on with --resume.");
    spec.addOption(
        Syntax.option("--task", "TEXT", String.class, "What is to be done; @FILE reads it."));
    spec.addOption(
        Syntax.option("--repo", "PATH|URL", String.class, "The repository; otherwise `.`."));
    spec.addOption(
        Syntax.option("--revision", "REV", String.class, "What to start from; otherwise HEAD."));
    spec.addOption(Syntax.flag("--include-dirty", "Uncommitted and untracked files come along."));
    spec.addOption(
        Syntax.option(
            "--model",
            "MODEL",
            String.class,
            "anthropic:NAME, openai:NAME, openai-chat:NAME, gemini:NAME or script:FILE."));
    spec.addOption(
        Syntax.options("--fallback", "MODEL", "Asked when the one before it does not answer."));
    spec.addOption(
        Syntax.option(
            "--scenario",
            "S",
            Scenario.class,
            "assist (you watch and are asked; the default) or autonomous."));
    spec.addOption(
        Syntax.option("--resume", "RUN", String.class, "Goes on with this run instead."));
    spec.addOption(Syntax.flag("--yes", "Approves the change without asking, once submitted."));
    spec.addOption(Runs.asUser());
    Layers.addTo(spec);
    Images.addTo(spec);
    Limits.addTo(spec);
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    Layers.check(arguments);
    var by = Runs.user(arguments, context);
    var counter =
        new TerminalCounter(by, context.terminal(), System.in, Limits.patience(arguments));
    var screen = new RunScreen(context.terminal());
    var checkout = Checkout.of(repository(arguments, context));
    try (var interruption = Interruption.heed(context.terminal());
        var holdfast =
            Installation.open(context, checkout, Limits.caps(arguments), screen::event)) {
      interruption.stopsWith(holdfast.runs()::stop);
      String resumed = arguments.matchedOptionValue("--resume", "");
      var state =
          resumed.isEmpty()
              ? begin(holdfast, screen, counter, arguments, context)
              : resume(holdfast, screen, counter, resumed, arguments, context);
      return conclude(holdfast, state, screen, counter, arguments, context);
    }
  }

  /** The repository that is worked on: a path from the root, or a URL. */
  private static String repository(ParseResult arguments, Context context) {
    String resumed = arguments.matchedOptionValue("--resume", "");
    if (!resumed.isEmpty()) {
      try (var log = Installation.openLog(context.home())) {
        return RunState.of(log.read(Runs.find(resumed, log), 0)).intake().repository();
      }
    }
    String repository = arguments.matchedOptionValue("--repo", ".");
    boolean url = repository.contains("://") || repository.matches("[^/]+@[^/]+:.*");
    return url ? repository : context.resolve(repository).toString();
  }

  private static RunState begin(
      Installation holdfast,
      RunScreen screen,
      TerminalCounter counter,
      ParseResult arguments,
      Context context) {
    var request = request(holdfast, counter, arguments, context);
    var agent = holdfast.agent(models(request.model(), arguments), screen::says);
    var run = holdfast.runs().open(request);
    return holdfast.runs().execute(run, agent, counter);
  }

  private static RunState resume(
      Installation holdfast,
      RunScreen screen,
      TerminalCounter counter,
      String prefix,
      ParseResult arguments,
      Context context) {
    var run = Runs.find(prefix, holdfast.log());
    var state = holdfast.runs().state(run);
    var model = arguments.matchedOptionValue("--model", state.intake().model());
    var budget = Limits.budget(arguments, state.budget());
    return holdfast
        .runs()
        .resume(
            run,
            counter.person(),
            budget,
            placement(
                arguments, context, Layers.again(arguments, holdfast.placer(), state.placement())),
            holdfast.agent(models(model, arguments), screen::says),
            counter);
  }

  /** On the image that was asked for; a run that goes on stays on the one that it began on. */
  private static Placement placement(ParseResult arguments, Context context, Placement otherwise) {
    try {
      return Images.chosen(arguments, context)
          .map(image -> otherwise.on(image.digest()))
          .orElse(otherwise);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> models(String model, ParseResult arguments) {
    var models = new ArrayList<>(List.of(model));
    models.addAll(arguments.matchedOptionValue("--fallback", List.<String>of()));
    return models;
  }

  private static RunRequest request(
      Installation holdfast, TerminalCounter counter, ParseResult arguments, Context context) {
    var source = repository(arguments, context);
    var project = Path.of(source).getFileName().toString().replaceAll("[^A-Za-z0-9._-]", "-");
    return new RunRequest(
        counter.person(),
        Account.local(project.matches("[A-Za-z0-9].*") ? project : "project", AgentId.BUILT_IN),
        arguments.matchedOptionValue("--scenario", Scenario.ASSIST),
        task(required(arguments, "--task", "what is to be done"), context),
        required(arguments, "--model", "for example `anthropic:claude-sonnet-4-5`"),
        Limits.budget(arguments, Limits.DEFAULT),
        source,
        arguments.matchedOptionValue("--revision", "HEAD"),
        arguments.hasMatchedOption("--include-dirty"),
        placement(arguments, context, Layers.placement(arguments, holdfast.placer())),
        Limits.diskBytes(arguments));
  }

  private static String required(ParseResult arguments, String option, String hint) {
    String value = arguments.matchedOptionValue(option, "");
    if (value.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, "option `%s` is missing: %s".formatted(option, hint));
    }
    return value;
  }

  private static String task(String given, Context context) {
    if (!given.startsWith("@")) {
      return given;
    }
    try {
      return Files.readString(context.resolve(given.substring(1)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the task from `%s`".formatted(given), e);
    }
  }

  /** Shows what came of it, and asks for approval where somebody is there to give it. */
  private static int conclude(
      Installation holdfast,
      RunState state,
      RunScreen screen,
      TerminalCounter counter,
      ParseResult arguments,
      Context context) {
    var run = state.id();
    var code = Runs.exitCode(state);
    if (state.submitted().isPresent() && state.committed().isEmpty()) {
      screen.change(state.submitted().get(), holdfast.blobs());
      if (approved(counter, arguments, context)) {
        ApproveCommand.report(holdfast.runs().approve(run, counter.person(), ""), context);
        return ExitCode.OK.number();
      }
      screen.next(run, "approve", "reject", "diff", "takeover");
    } else if (code != ExitCode.OK) {
      screen.next(run, "show", "takeover");
      context.terminal().note("  holdfast run --resume " + run);
    }
    return code.number();
  }

  private static boolean approved(TerminalCounter counter, ParseResult arguments, Context context) {
    if (arguments.hasMatchedOption("--yes")) {
      return true;
    }
    return context.terminal().interactive()
        && counter.approve("commit this change", Optional::empty) instanceof Answer.Approved;
  }
}
