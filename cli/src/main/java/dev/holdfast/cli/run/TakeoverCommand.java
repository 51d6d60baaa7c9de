package dev.holdfast.cli.run;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.terminal.RawTerminal;
import dev.holdfast.run.RunId;
import dev.holdfast.runs.RunService;
import dev.holdfast.runs.Takeover;
import dev.holdfast.workbench.ExecSpec.TerminalSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast takeover}. */
public final class TakeoverCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Syntax.command(
            "Opens a shell in a run's live workbench while its agent waits.",
            "Leaving the shell hands the run back. A run that no process executes is opened for"
                + " you",
            "alone.")
        .addPositional(Runs.argument())
        .addOption(Runs.asUser());
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    var by = Runs.user(arguments, context);
    try (var holdfast = Runs.open(arguments, context)) {
      var run = Runs.named(arguments, holdfast.log());
      holdfast.runs().requireTakeover(run, by);
      if (!attach(holdfast.runs(), run, arguments, context)) {
        var counter = new TerminalCounter(by, context.terminal(), System.in, Duration.ZERO);
        holdfast
            .runs()
            .visit(
                run,
                counter,
                () -> {
                  if (!attach(holdfast.runs(), run, arguments, context)) {
                    throw new CommandFailure(
                        ExitCode.FAILED, "the run's workbench does not answer");
                  }
                });
      }
    }
    return ExitCode.OK.number();
  }

  private static RawTerminal.Far far(Takeover takeover) {
    return new RawTerminal.Far() {
      @Override
      public void keys(byte[] keys, int length) throws IOException {
        takeover.keys(keys, length);
      }

      @Override
      public void resize(TerminalSize size) throws IOException {
        takeover.resize(size);
      }
    };
  }

  /** Connects to whoever executes the run; false when nobody does. */
  private static boolean attach(
      RunService runs, RunId run, ParseResult arguments, Context context) {
    var socket = runs.socket(run);
    if (!Files.exists(socket)) {
      return false;
    }
    var by = Runs.user(arguments, context);
    try (var screen = RawTerminal.enter(context.terminal().interactive());
        var takeover = Takeover.begin(socket, by, screen.size())) {
      screen.connect(far(takeover), () -> takeover.output().transferTo(System.out));
      return true;
    } catch (ConnectException nobody) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("the takeover ended: " + e.getMessage(), e);
    }
  }
}
