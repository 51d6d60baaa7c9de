package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.run.Limits;
import dev.holdfast.cli.server.ApiClient;
import dev.holdfast.cli.server.WebSocket;
import dev.holdfast.cli.terminal.RawTerminal;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ParseResult;

/** {@code holdfast workbench exec}. */
final class ExecInWorkbench {
  private ExecInWorkbench() {}

  static int run(ParseResult arguments, Context context) throws IOException {
    String id = arguments.matchedPositionalValue(0, "");
    var client = ApiClient.ofRunning(context).orElseThrow(() -> Workbenches.none(id));
    boolean tty = arguments.hasMatchedOption("--tty");
    try (var screen = RawTerminal.enter(tty && interactive(arguments, context))) {
      var request = request(arguments);
      if (tty) {
        request.put("terminal", ProgramInput.size(screen.size()));
      }
      if (arguments.hasMatchedOption("--detach")) {
        return detach(client, id, request, context);
      }
      try (var socket = client.open(Workbenches.path(id) + "/exec")) {
        request.put("stdin", true);
        begin(socket, request);
        var input = new ProgramInput(socket);
        var output = new ProgramOutput(socket, context.terminal(), input::give);
        return tty ? screen.connect(input, () -> end(output)) : piped(socket, input, output);
      }
    }
  }

  /** What runs in the background leaves this terminal alone. */
  private static boolean interactive(ParseResult arguments, Context context) {
    return context.terminal().interactive() && !arguments.hasMatchedOption("--detach");
  }

  private static int detach(
      ApiClient client, String id, Map<String, Object> request, Context context)
      throws IOException {
    var started = client.call("POST", Workbenches.path(id) + "/processes", request);
    if (context.terminal().json()) {
      context.terminal().json(started);
    } else {
      context.terminal().line(started.path("id").asString(""));
    }
    return ExitCode.OK.number();
  }

  private static void begin(WebSocket socket, Map<String, Object> request) {
    try {
      socket.send(request);
    } catch (IOException refused) {
      // The server has closed the stream and said why: that is what is read next.
    }
  }

  private static int piped(WebSocket socket, ProgramInput input, ProgramOutput output) {
    try (var signals = SignalPassing.to(socket)) {
      Thread.ofPlatform().daemon().name("stdin").start(input::carry);
      int code = end(output);
      signals.ended(code);
      return code;
    }
  }

  private static int end(ProgramOutput output) {
    try {
      return output.carry().orElse(ExitCode.FAILED.number());
    } catch (IOException e) {
      throw ProgramOutput.lost(e);
    }
  }

  private static Map<String, Object> request(ParseResult arguments) {
    var request = new HashMap<String, Object>();
    request.put("command", arguments.matchedPositionalValue(1, List.<String>of()));
    request.put("env", variables(arguments));
    String directory = arguments.matchedOptionValue("--cwd", "");
    if (!directory.isEmpty()) {
      request.put("directory", directory);
    }
    request.put("time_ms", Limits.time(arguments, "--time", "24h").toMillis());
    return request;
  }

  private static Map<String, String> variables(ParseResult arguments) {
    var variables = new HashMap<String, String>();
    for (var written : arguments.matchedOptionValue("--env", List.<String>of())) {
      int equals = written.indexOf('=');
      if (equals < 1) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "`%s` of `--env` is no variable: write `NAME=VALUE`".formatted(written));
      }
      variables.put(written.substring(0, equals), written.substring(equals + 1));
    }
    return variables;
  }
}
