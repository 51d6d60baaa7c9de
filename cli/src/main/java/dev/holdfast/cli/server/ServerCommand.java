package dev.holdfast.cli.server;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.server.Server;
import dev.holdfast.server.ServerPlace;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast server}: the resident process. */
public final class ServerCommand implements Command {
  /** Removing a few hundred workbenches takes its time. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Override
  public CommandSpec spec() {
    var spec =
        Syntax.command(
            "Holds the workbenches that outlive a command, in the foreground, until it is ended.",
            "`holdfast workbench` starts one by itself. There is one for each state directory;"
                + " what",
            "it holds ends with it.");
    Syntax.subcommand(spec, "status", "Says whether one runs; ends with 1 when none does.");
    Syntax.subcommand(spec, "stop", "Ends it, and every workbench that it holds.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws Exception {
    if (!arguments.hasSubcommand()) {
      return serve(context);
    }
    return arguments.subcommand().commandSpec().name().equals("status")
        ? status(context)
        : stop(context);
  }

  private static int serve(Context context) throws InterruptedException {
    var terminal = context.terminal();
    try (var server = Server.start(context.home(), context.env(), line -> note(terminal, line))) {
      server.serve();
    }
    return ExitCode.OK.number();
  }

  private static void note(Terminal terminal, String line) {
    var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    terminal.note("%s server %s".formatted(now, Terminal.safe(line)));
  }

  private static int status(Context context) throws IOException {
    var client = ApiClient.ofRunning(context);
    if (client.isEmpty()) {
      throw new CommandFailure(ExitCode.FAILED, "no server of `%s` runs".formatted(context.home()));
    }
    var status = client.get().call("GET", "/v1/server", null);
    var terminal = context.terminal();
    if (terminal.json()) {
      terminal.json(status);
    } else {
      terminal.line(
          "process %s since %s, %s workbenches, at %s"
              .formatted(
                  status.path("pid").asString(""),
                  status.path("started").asString(""),
                  client.get().call("GET", "/v1/workbenches", null).path("workbenches").size(),
                  context.home()));
    }
    return ExitCode.OK.number();
  }

  private static int stop(Context context) throws IOException, InterruptedException {
    var client = ApiClient.ofRunning(context);
    if (client.isEmpty()) {
      context.terminal().note("holdfast: no server of `%s` runs".formatted(context.home()));
      return ExitCode.OK.number();
    }
    client.get().call("POST", "/v1/server/stop", null);
    if (!ServerPlace.in(context.home()).awaitEnd(PATIENCE)) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "the server has not ended after %d s; `%s` is its log"
              .formatted(PATIENCE.toSeconds(), ServerPlace.in(context.home()).log()));
    }
    return ExitCode.OK.number();
  }
}
