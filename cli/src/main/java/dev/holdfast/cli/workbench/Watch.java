package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.cli.server.ApiClient;
import dev.holdfast.cli.server.WebSocket.Message;
import java.io.IOException;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.JsonNode;

/** {@code holdfast workbench watch}. */
final class Watch {
  private Watch() {}

  static int run(ParseResult arguments, Context context) throws IOException {
    String id = arguments.matchedPositionalValue(0, "");
    String path = Copy.belowWorkspace(arguments.matchedPositionalValue(1, ""));
    var client = ApiClient.ofRunning(context).orElseThrow(() -> Workbenches.none(id));
    var place = Workbenches.path(id) + "/files/watch?path=" + ApiClient.encoded(path);
    try (var socket = client.open(place)) {
      for (var message = socket.receive(); message != null; message = socket.receive()) {
        if (message instanceof Message.Text(JsonNode said)) {
          hear(said, context.terminal());
        }
      }
    } catch (IOException e) {
      throw ProgramOutput.lost(e);
    }
    throw new CommandFailure(
        ExitCode.FAILED,
        "what was watched is gone: the directory, or workbench `%s`".formatted(id));
  }

  private static void hear(JsonNode said, Terminal terminal) {
    var failure = ApiClient.failure(said);
    if (failure.isPresent()) {
      throw failure.get();
    }
    if (said.path("watching").asBoolean(false)) {
      terminal.note("holdfast: watching; Ctrl-C ends it");
    } else if (terminal.json()) {
      terminal.json(said);
    } else {
      terminal.line(line(said));
    }
    terminal.out().flush();
  }

  private static String line(JsonNode said) {
    var event = said.path("event").asString("");
    var slash = said.path("directory").asBoolean(false) ? "/" : "";
    var path = name(said.path("path").asString("")) + slash;
    return switch (event) {
      case "renamed" ->
          "renamed   %s%s -> %s".formatted(name(said.path("from").asString("")), slash, path);
      case "overflow" -> "overflow  there was more than could be told: look anew";
      case "unwatched" -> "unwatched %s and maybe others: there are too many".formatted(path);
      default -> "%-9s %s".formatted(Terminal.safe(event), path);
    };
  }

  /** A name may hold line feeds and tabs too, which would look like another event. */
  private static String name(String path) {
    return Terminal.safe(path).replace("\n", "\\u000a").replace("\t", "\\u0009");
  }
}
