package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.cli.server.ApiClient;
import dev.holdfast.cli.server.WebSocket;
import dev.holdfast.cli.terminal.RawTerminal;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.JsonNode;

/** What goes on in a workbench behind the back of commands. */
final class Processes {
  /** Their numbers on every Linux that Holdfast runs on. */
  private static final Map<String, Integer> SIGNALS =
      Map.ofEntries(
          Map.entry("HUP", 1),
          Map.entry("INT", 2),
          Map.entry("QUIT", 3),
          Map.entry("KILL", 9),
          Map.entry("USR1", 10),
          Map.entry("USR2", 12),
          Map.entry("TERM", 15),
          Map.entry("CONT", 18),
          Map.entry("STOP", 19));

  /**
   * What a screen may have been left in by a program that goes on elsewhere: its second page, its
   * mouse and paste modes, a hidden cursor, colours.
   */
  private static final String AS_BEFORE =
      "\033[?1049l\033[?1000;1002;1003;1006;2004l\033[?25h\033[0m\r\n";

  private Processes() {}

  private static String path(String workbench, String process) {
    return Workbenches.path(workbench) + "/processes/" + ApiClient.encoded(process);
  }

  private static ApiClient client(String workbench, Context context) {
    return ApiClient.ofRunning(context).orElseThrow(() -> Workbenches.none(workbench));
  }

  static int list(ParseResult arguments, Context context) throws IOException {
    String id = arguments.matchedPositionalValue(0, "");
    var answer = client(id, context).call("GET", Workbenches.path(id) + "/processes", null);
    for (JsonNode process : answer.path("processes")) {
      if (context.terminal().json()) {
        context.terminal().json(process);
      } else {
        context.terminal().line(line(process));
      }
    }
    return ExitCode.OK.number();
  }

  private static String line(JsonNode process) {
    var command =
        StreamSupport.stream(process.path("command").spliterator(), false)
            .map(word -> word.asString(""))
            .collect(Collectors.joining(" "));
    return Terminal.safe(
        "%-4s  %s  %s  %s"
            .formatted(
                process.path("id").asString(""),
                process.path("started").asString(""),
                process.path("end").path("message").asString("running"),
                command));
  }

  static int kill(ParseResult arguments, Context context) throws IOException {
    String id = arguments.matchedPositionalValue(0, "");
    String process = arguments.matchedPositionalValue(1, "");
    int signal = signal(arguments.matchedOptionValue("--signal", "TERM"));
    client(id, context).call("POST", path(id, process) + "/signal", Map.of("signal", signal));
    return ExitCode.OK.number();
  }

  private static int signal(String written) {
    var name = written.toUpperCase(Locale.ROOT).replaceFirst("^SIG", "");
    if (name.matches("[1-9]|[1-5][0-9]|6[0-4]")) {
      return Integer.parseInt(name);
    }
    var number = SIGNALS.get(name);
    if (number == null) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "`%s` of `--signal` is no signal: write 1 to 64, or one of %s"
              .formatted(written, SIGNALS.keySet().stream().sorted().toList()));
    }
    return number;
  }

  static int logs(ParseResult arguments, Context context) throws IOException {
    String id = arguments.matchedPositionalValue(0, "");
    String process = arguments.matchedPositionalValue(1, "");
    boolean follows = arguments.hasMatchedOption("--follow");
    try (var socket = client(id, context).open(path(id, process) + "/stream?follow=" + follows)) {
      var _ = new ProgramOutput(socket, context.terminal(), _ -> {}).carry();
      return ExitCode.OK.number();
    } catch (IOException e) {
      throw ProgramOutput.lost(e);
    }
  }

  static int attach(ParseResult arguments, Context context) throws IOException {
    String id = arguments.matchedPositionalValue(0, "");
    String process = arguments.matchedPositionalValue(1, "");
    var client = client(id, context);
    if (!client.call("GET", path(id, process), null).path("terminal").asBoolean(false)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "`%s` runs on no terminal: `holdfast workbench logs` shows what it says"
              .formatted(process));
    }
    try (var socket = client.open(path(id, process) + "/stream?follow=true");
        var screen = RawTerminal.enter(context.terminal().interactive())) {
      var input = new ProgramInput(socket);
      var keys = new DetachKeys(input, socket);
      keys.resize(screen.size());
      return screen.connect(keys, () -> watch(socket, input, keys, context));
    }
  }

  private static int watch(WebSocket socket, ProgramInput input, DetachKeys keys, Context context) {
    try {
      var end = new ProgramOutput(socket, context.terminal(), input::give).carry();
      return end.orElse(ExitCode.OK.number());
    } catch (IOException e) {
      if (!keys.pressed()) {
        throw ProgramOutput.lost(e);
      }
      if (context.terminal().interactive()) {
        context.terminal().out().print(AS_BEFORE);
      }
      context.terminal().note("holdfast: detached; the program goes on");
      return ExitCode.OK.number();
    }
  }
}
