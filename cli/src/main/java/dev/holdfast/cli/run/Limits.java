package dev.holdfast.cli.run;

import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.Meter;
import dev.holdfast.cli.command.Quantities;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.workbench.Caps;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The options that limit a run, and their defaults. */
public final class Limits {
  /** What a run may use when nothing is said: enough for an ordinary defect, not for a bad day. */
  static final Amounts DEFAULT =
      new Amounts(
          Map.of(
              Meter.MICRO_USD, 5_000_000L,
              Meter.INPUT_TOKENS, 5_000_000L,
              Meter.OUTPUT_TOKENS, 300_000L,
              Meter.TOOL_MILLIS, Duration.ofMinutes(60).toMillis(),
              Meter.WALL_MILLIS, Duration.ofMinutes(120).toMillis(),
              Meter.TOOL_CALLS, 500L,
              Meter.ITERATIONS, 150L,
              Meter.RETRIES, 20L));

  private static final long DISK_BYTES = 4L << 30;

  private Limits() {}

  static void addTo(CommandSpec spec) {
    spec.addOption(Syntax.option("--max-usd", "USD", Double.class, "Most money; otherwise 5."));
    spec.addOption(
        Syntax.option("--max-tokens", "N", Long.class, "Most input tokens; otherwise 5000000."));
    spec.addOption(
        Syntax.option("--max-calls", "N", Long.class, "Most tool calls; otherwise 500."));
    spec.addOption(
        Syntax.option("--max-turns", "N", Long.class, "Most model turns; otherwise 150."));
    spec.addOption(
        Syntax.option("--max-time", "TIME", String.class, "Longest time; otherwise 120m."));
    spec.addOption(
        Syntax.option(
            "--disk", "SIZE", String.class, "Most that the workspace grows; otherwise 4G."));
    spec.addOption(
        Syntax.option(
            "--approval-timeout",
            "TIME",
            String.class,
            "How long a call waits for `holdfast approve` where no terminal is; otherwise 0s."));
    addMemory(spec);
  }

  /** Adds the option that caps a workbench's memory. */
  public static void addMemory(CommandSpec spec) {
    spec.addOption(
        Syntax.option("--memory", "SIZE", String.class, "The workbench's memory; otherwise 2G."));
  }

  static Amounts budget(ParseResult arguments, Amounts otherwise) {
    var budget = otherwise;
    if (arguments.hasMatchedOption("--max-usd")) {
      double usd = arguments.matchedOptionValue("--max-usd", 0.0);
      budget = budget.with(Meter.MICRO_USD, Math.round(usd * 1e6));
    }
    budget = with(budget, arguments, "--max-tokens", Meter.INPUT_TOKENS);
    budget = with(budget, arguments, "--max-calls", Meter.TOOL_CALLS);
    budget = with(budget, arguments, "--max-turns", Meter.ITERATIONS);
    if (arguments.hasMatchedOption("--max-time")) {
      budget = budget.with(Meter.WALL_MILLIS, time(arguments, "--max-time", "").toMillis());
    }
    return budget;
  }

  private static Amounts with(Amounts budget, ParseResult arguments, String option, Meter meter) {
    return arguments.hasMatchedOption(option)
        ? budget.with(meter, arguments.matchedOptionValue(option, 0L))
        : budget;
  }

  static long diskBytes(ParseResult arguments) {
    return bytes(arguments, "--disk", DISK_BYTES);
  }

  /** The caps of a workbench, as {@link #addMemory} was answered. */
  public static Caps caps(ParseResult arguments) {
    return Caps.DEFAULT.withMemoryBytes(bytes(arguments, "--memory", Caps.DEFAULT.memoryBytes()));
  }

  static Duration patience(ParseResult arguments) {
    return time(arguments, "--approval-timeout", "0s");
  }

  /** A time such as {@code 90s}, {@code 30m} or {@code 2h}. */
  public static Duration time(ParseResult arguments, String option, String otherwise) {
    return Quantities.time(arguments, option, otherwise);
  }

  private static long bytes(ParseResult arguments, String option, long otherwise) {
    return Quantities.bytes(arguments, option, otherwise);
  }
}
