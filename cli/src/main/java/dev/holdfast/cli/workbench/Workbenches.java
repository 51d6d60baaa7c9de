package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.cli.image.Images;
import dev.holdfast.cli.run.Layers;
import dev.holdfast.cli.run.Limits;
import dev.holdfast.cli.server.ApiClient;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.JsonNode;

/** Making, listing and removing. */
final class Workbenches {
  private static final String PATH = "/v1/workbenches";

  private Workbenches() {}

  static String path(String idOrName) {
    return PATH + "/" + ApiClient.encoded(idOrName);
  }

  static int create(ParseResult arguments, Context context)
      throws IOException, InterruptedException {
    Layers.check(arguments);
    var request = new HashMap<String, Object>();
    option(arguments, "--name").ifPresent(it -> request.put("name", it));
    option(arguments, "--layer").ifPresent(it -> request.put("layer", it));
    option(arguments, "--workload").ifPresent(it -> request.put("workload", it));
    option(arguments, "--repo").ifPresent(it -> request.put("repository", repository(it, context)));
    request.put("memory_bytes", Limits.caps(arguments).memoryBytes());
    Images.chosen(arguments, context).ifPresent(it -> request.put("image", it.digest().toString()));
    request.put("memory_checkpoints", arguments.hasMatchedOption("--memory-checkpoints"));
    var made = ApiClient.of(context).call("POST", PATH, request);
    if (context.terminal().json()) {
      context.terminal().json(made);
    } else {
      context.terminal().line(made.path("id").asString(""));
    }
    return ExitCode.OK.number();
  }

  private static Optional<String> option(ParseResult arguments, String name) {
    return Optional.of(arguments.matchedOptionValue(name, "")).filter(it -> !it.isEmpty());
  }

  /** A path from the root, or a URL. */
  private static String repository(String written, Context context) {
    boolean url = written.contains("://") || written.matches("[^/]+@[^/]+:.*");
    return url ? written : context.resolve(written).toString();
  }

  static int list(Context context) throws IOException {
    for (JsonNode workbench : all(context)) {
      if (context.terminal().json()) {
        context.terminal().json(workbench);
      } else {
        context.terminal().line(line(workbench));
      }
    }
    return ExitCode.OK.number();
  }

  /** Where no server runs there is none. */
  private static List<JsonNode> all(Context context) throws IOException {
    var client = ApiClient.ofRunning(context);
    if (client.isEmpty()) {
      return List.of();
    }
    var answer = client.get().call("GET", PATH, null).path("workbenches");
    return StreamSupport.stream(answer.spliterator(), false).toList();
  }

  private static String line(JsonNode workbench) {
    return Terminal.safe(
            "%s  %-9s  %-7s  %s  %s"
                .formatted(
                    workbench.path("id").asString(""),
                    workbench.path("layer").asString(""),
                    workbench.path("state").asString(""),
                    workbench.path("created").asString(""),
                    String.join(
                        "  ",
                        List.of(
                                workbench.path("name").asString(""),
                                workbench.path("repository").asString(""),
                                workbench.path("image").asString(""))
                            .stream()
                            .filter(it -> !it.isEmpty())
                            .toList())))
        .strip();
  }

  static int remove(ParseResult arguments, Context context) throws IOException {
    List<String> named = arguments.matchedPositionalValue(0, List.<String>of());
    boolean every = arguments.hasMatchedOption("--all");
    if (named.isEmpty() != every) {
      throw new CommandFailure(ExitCode.USAGE, "say which workbenches: their ids, or `--all`");
    }
    var ids = every ? all(context).stream().map(it -> it.path("id").asString("")).toList() : named;
    var client = ApiClient.ofRunning(context);
    for (var id : ids) {
      client.orElseThrow(() -> none(id)).call("DELETE", path(id), null);
      say(id, context);
    }
    return ExitCode.OK.number();
  }

  private static void say(String id, Context context) {
    if (context.terminal().json()) {
      context.terminal().json(Map.of("removed", id));
    } else {
      context.terminal().line(id);
    }
  }

  /** Where no server runs there is no workbench; none is started to say so. */
  static CommandFailure none(String id) {
    return new CommandFailure(
        ExitCode.FAILED,
        "there is no workbench `%s`: no server runs that could hold it".formatted(id));
  }
}
