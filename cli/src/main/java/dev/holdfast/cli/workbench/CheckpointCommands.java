package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.cli.image.Sizes;
import dev.holdfast.cli.server.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.JsonNode;

/** Holding workbenches still, saving them, and making others that go on from there. */
final class CheckpointCommands {
  private static final String PATH = "/v1/checkpoints";
  private static final String NAME = "--name";
  private static final String MEMORY = "--memory";
  private static final String COUNT = "-n";
  private static final String FILES_ONLY = "--files-only";
  private static final String ALL = "--all";
  private static final String OLDER = "--older-than";

  private CheckpointCommands() {}

  static void addTo(CommandSpec spec, PositionalParamSpec workbench) {
    Syntax.subcommand(spec, "pause", "Holds everything in a workbench still until `resume`.")
        .addPositional(workbench);
    Syntax.subcommand(spec, "resume", "Lets a paused workbench go on.").addPositional(workbench);
    Syntax.subcommand(
            spec,
            "checkpoint",
            "Saves a workbench and prints the checkpoint's id. It stands still meanwhile, and goes on.",
            "The checkpoint stays when the workbench and the server end.")
        .addOption(
            memory(
                "Also what programs have in memory, so that they go on; on gvisor, or as made for it."))
        .addOption(
            Syntax.option(
                NAME, "NAME", String.class, "What the checkpoint is called beside its id."))
        .addPositional(workbench);
    var checkpoints =
        Syntax.subcommand(
            spec,
            "checkpoints",
            "Lists the checkpoints: id, of which workbench, layer, what is in it, size, when.");
    Syntax.subcommand(checkpoints, "rm", "Removes checkpoints.")
        .addOption(Syntax.flag(ALL, "Every one."))
        .addOption(
            Syntax.option(
                OLDER, "DAYS", Integer.class, "Those without a name that were taken so long ago."))
        .addPositional(Syntax.rest(0, "0..*", "CHECKPOINT", "Their ids or names."));
    Syntax.subcommand(
            spec,
            "restore",
            "Makes workbenches that go on from a checkpoint, all or none, and prints their ids.")
        .addOption(count())
        .addOption(
            Syntax.option(NAME, "NAME", String.class, "What the only one is called beside its id."))
        .addOption(
            Syntax.flag(FILES_ONLY, "Programs do not go on, also where their memory was saved."))
        .addPositional(Syntax.argument(0, "CHECKPOINT", "The checkpoint's id or name."));
    Syntax.subcommand(
            spec,
            "fork",
            "Makes workbenches that go on from where a workbench is, and prints their ids.")
        .addOption(count())
        .addOption(memory("Its programs go on in them too; as there."))
        .addPositional(workbench);
  }

  private static OptionSpec memory(String description) {
    return Syntax.flag(MEMORY, description);
  }

  private static OptionSpec count() {
    return Syntax.option(COUNT, "COUNT", Integer.class, "How many, 1 to 64; otherwise 1.");
  }

  private static ApiClient running(String id, Context context) {
    return ApiClient.ofRunning(context).orElseThrow(() -> Workbenches.none(id));
  }

  /** {@code pause} and {@code resume}. */
  static int hold(String verb, ParseResult arguments, Context context) throws IOException {
    String id = arguments.matchedPositionalValue(0, "");
    running(id, context).call("POST", Workbenches.path(id) + "/" + verb, null);
    return ExitCode.OK.number();
  }

  static int take(ParseResult arguments, Context context) throws IOException {
    String id = arguments.matchedPositionalValue(0, "");
    var request = new HashMap<String, Object>();
    request.put("memory", arguments.hasMatchedOption(MEMORY));
    if (arguments.hasMatchedOption(NAME)) {
      request.put("name", arguments.matchedOptionValue(NAME, ""));
    }
    try (var _ = SlowNote.of("saving " + id + "; nothing in it moves meanwhile", context)) {
      var path = Workbenches.path(id) + "/checkpoints";
      say(running(id, context).call("POST", path, request), context);
    }
    return ExitCode.OK.number();
  }

  static int fork(ParseResult arguments, Context context) throws IOException {
    String id = arguments.matchedPositionalValue(0, "");
    var request = new HashMap<String, Object>();
    request.put("count", number(arguments));
    request.put("memory", arguments.hasMatchedOption(MEMORY));
    try (var _ = SlowNote.of("forking " + id, context)) {
      made(running(id, context).call("POST", Workbenches.path(id) + "/fork", request), context);
    }
    return ExitCode.OK.number();
  }

  /** A server is started for it: checkpoints outlive servers. */
  static int restore(ParseResult arguments, Context context)
      throws IOException, InterruptedException {
    String id = arguments.matchedPositionalValue(0, "");
    var request = new HashMap<String, Object>();
    request.put("count", number(arguments));
    request.put("files_only", arguments.hasMatchedOption(FILES_ONLY));
    if (arguments.hasMatchedOption(NAME)) {
      request.put("name", arguments.matchedOptionValue(NAME, ""));
    }
    var client = ApiClient.of(context);
    try (var _ = SlowNote.of("restoring " + id, context)) {
      made(client.call("POST", path(id) + "/restore", request), context);
    }
    return ExitCode.OK.number();
  }

  private static String path(String idOrName) {
    return PATH + "/" + ApiClient.encoded(idOrName);
  }

  private static int number(ParseResult arguments) {
    int count = arguments.matchedOptionValue(COUNT, 1);
    if (count < 1) {
      throw new CommandFailure(
          ExitCode.USAGE, "`%d` of `%s` is not allowed: it is 1 to 64".formatted(count, COUNT));
    }
    return count;
  }

  private static void made(JsonNode answer, Context context) {
    for (JsonNode workbench : answer.path("workbenches")) {
      say(workbench, context);
    }
  }

  private static void say(JsonNode made, Context context) {
    if (context.terminal().json()) {
      context.terminal().json(made);
    } else {
      context.terminal().line(Terminal.safe(made.path("id").asString("")));
    }
  }

  static int list(ParseResult arguments, Context context) throws IOException, InterruptedException {
    if (arguments.hasSubcommand()) {
      return remove(arguments.subcommand(), context);
    }
    for (JsonNode checkpoint : all(ApiClient.of(context))) {
      if (context.terminal().json()) {
        context.terminal().json(checkpoint);
      } else {
        context.terminal().line(line(checkpoint));
      }
    }
    return ExitCode.OK.number();
  }

  private static String line(JsonNode checkpoint) {
    return Terminal.safe(
            "%s  %s  %-9s  %-12s  %8s  %s  %s  %s"
                .formatted(
                    checkpoint.path("id").asString(""),
                    checkpoint.path("workbench").asString(""),
                    checkpoint.path("layer").asString(""),
                    checkpoint.path("memory").asBoolean(false) ? "files+memory" : "files",
                    Sizes.text(checkpoint.path("bytes").asLong(0)),
                    checkpoint.path("taken").asString(""),
                    checkpoint.path("name").asString(""),
                    checkpoint.path("repository").asString("")))
        .strip();
  }

  private static int remove(ParseResult arguments, Context context)
      throws IOException, InterruptedException {
    var client = ApiClient.of(context);
    for (String id : chosen(arguments, client)) {
      client.call("DELETE", path(id), null);
      if (context.terminal().json()) {
        context.terminal().json(Map.of("removed", id));
      } else {
        context.terminal().line(id);
      }
    }
    return ExitCode.OK.number();
  }

  private static List<String> chosen(ParseResult arguments, ApiClient client) throws IOException {
    List<String> named = arguments.matchedPositionalValue(0, List.<String>of());
    boolean every = arguments.hasMatchedOption(ALL);
    boolean old = arguments.hasMatchedOption(OLDER);
    if (Stream.of(!named.isEmpty(), every, old).filter(it -> it).count() != 1) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "say which checkpoints: their ids or names, `%s`, or `%s`".formatted(OLDER, ALL));
    }
    if (!named.isEmpty()) {
      return named;
    }
    var since = every ? Instant.MAX : Instant.now().minus(Duration.ofDays(days(arguments)));
    return all(client).stream()
        .filter(it -> every || it.path("name").asString("").isEmpty())
        .filter(it -> Instant.parse(it.path("taken").asString()).isBefore(since))
        .map(it -> it.path("id").asString(""))
        .toList();
  }

  private static int days(ParseResult arguments) {
    int days = arguments.matchedOptionValue(OLDER, 0);
    if (days < 1) {
      throw new CommandFailure(
          ExitCode.USAGE, "`%s %d` is not allowed: 1 or more days".formatted(OLDER, days));
    }
    return days;
  }

  private static List<JsonNode> all(ApiClient client) throws IOException {
    return client.call("GET", PATH, null).path("checkpoints").valueStream().toList();
  }
}
