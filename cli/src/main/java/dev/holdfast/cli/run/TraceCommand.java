package dev.holdfast.cli.run;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.wiring.Installation;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunEvent;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast trace}. */
public final class TraceCommand implements Command {
  private static final Duration GLANCE = Duration.ofMillis(200);

  @Override
  public CommandSpec spec() {
    return Syntax.command(
            "Prints a run's event log. With --json each event whole, with its hash, one a line.")
        .addPositional(Runs.argument())
        .addOption(Syntax.flag("--follow", "Goes on until the run stops."))
        .addOption(
            Syntax.option("--after", "SEQ", Long.class, "Only events with a higher number."));
  }

  @Override
  public int run(ParseResult arguments, Context context) throws InterruptedException {
    boolean follow = arguments.hasMatchedOption("--follow");
    long after = arguments.matchedOptionValue("--after", 0L);
    var text = new EventText(context.terminal());
    try (var log = Installation.openLog(context.home())) {
      var run = Runs.named(arguments, log);
      while (true) {
        boolean stopped = false;
        for (var event : log.read(run, after)) {
          print(event, text, context);
          after = event.seq();
          stopped = event.event() instanceof RunEvent.Stopped;
        }
        if (!follow || stopped) {
          return ExitCode.OK.number();
        }
        Thread.sleep(GLANCE);
      }
    }
  }

  private static void print(RecordedEvent event, EventText text, Context context) {
    if (context.terminal().json()) {
      context.terminal().json(event);
    } else {
      text.line(event).ifPresent(context.terminal()::line);
    }
  }
}
