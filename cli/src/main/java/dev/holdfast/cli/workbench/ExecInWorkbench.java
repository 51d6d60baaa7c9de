package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.run.Limits;
import dev.holdfast.cli.server.ApiClient;
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
    var request = request(arguments);
    var client = ApiClient.ofRunning(context).orElseThrow(() -> Workbenches.none(id));
    try (var socket = client.open(Workbenches.path(id) + "/exec")) {
      request.put("stdin", true);
      return new RemoteProgram(socket, context.terminal()).run(request);
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
