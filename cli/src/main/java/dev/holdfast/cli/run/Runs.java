package dev.holdfast.cli.run;

import dev.holdfast.actor.UserId;
import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.wiring.Checkout;
import dev.holdfast.cli.wiring.Installation;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.RunId;
import dev.holdfast.run.RunState;
import dev.holdfast.run.StopReason;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** What the commands about runs have in common. */
public final class Runs {
  private Runs() {}

  static PositionalParamSpec argument() {
    return Syntax.optional(
        0, "RUN", "The run's id, or the beginning of it; the newest run when left out.");
  }

  public static OptionSpec asUser() {
    return Syntax.option(
        "--as", "USER", String.class, "Who decides; otherwise the user of this terminal.");
  }

  /** The run that the user means. */
  static RunId named(ParseResult arguments, EventLog log) {
    String prefix = arguments.matchedPositionalValue(0, "");
    if (prefix.isEmpty()) {
      return log.runs().stream()
          .findFirst()
          .orElseThrow(() -> new CommandFailure(ExitCode.FAILED, "there are no runs yet"))
          .run();
    }
    return find(prefix, log);
  }

  /** The one run whose id begins with {@code prefix}. */
  public static RunId find(String prefix, EventLog log) {
    return log.find(prefix)
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.FAILED,
                    "run `%s` is unknown or not unique; `holdfast runs` lists them"
                        .formatted(prefix)));
  }

  /** What a person needs to decide on the run that they mean, under the rules of its checkout. */
  static Installation open(ParseResult arguments, Context context) {
    try (var log = Installation.openLog(context.home())) {
      var run = RunState.of(log.read(named(arguments, log), 0));
      return Installation.open(context, Checkout.of(run.intake().repository()));
    }
  }

  public static UserId user(ParseResult arguments, Context context) {
    String given = arguments.matchedOptionValue("--as", "");
    if (!given.isEmpty()) {
      return new UserId(given);
    }
    var env = context.env();
    var name = env.getOrDefault("SUDO_USER", env.getOrDefault("USER", ""));
    return new UserId(name.isEmpty() ? System.getProperty("user.name", "unknown") : name);
  }

  static ExitCode exitCode(RunState state) {
    var reason = state.stopped().map(stop -> stop.reason()).orElse(StopReason.FAILED);
    return switch (reason) {
      case DONE -> ExitCode.OK;
      case AWAITING_APPROVAL, REFUSED -> ExitCode.REFUSED;
      case BUDGET_EXHAUSTED -> ExitCode.BUDGET;
      case UNAVAILABLE -> ExitCode.UNAVAILABLE;
      case CANCELLED -> ExitCode.INTERRUPTED;
      case REJECTED, GAVE_UP, FAILED -> ExitCode.FAILED;
    };
  }

  /** One word for where a run is. */
  static String phase(RunState state) {
    return state.stopped().map(stop -> EventText.lower(stop.reason())).orElse("running or crashed");
  }
}
