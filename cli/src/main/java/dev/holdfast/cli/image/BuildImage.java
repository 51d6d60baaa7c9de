package dev.holdfast.cli.image;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Quantities;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.image.ImageReference;
import dev.holdfast.image.build.BuildListener;
import dev.holdfast.image.build.BuildRequest;
import dev.holdfast.image.build.ImageBuilder;
import dev.holdfast.image.store.ImageStore;
import dev.holdfast.image.store.StoredImage;
import dev.holdfast.workbench.Caps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast images build}: an image from a Dockerfile, each step in a workbench. */
final class BuildImage {
  private static final long DISK_BYTES = 10L << 30;
  private static final String EPOCH = "SOURCE_DATE_EPOCH";

  private BuildImage() {}

  static void addTo(CommandSpec images) {
    var spec =
        Syntax.subcommand(
            images,
            "build",
            "Makes an image from a Dockerfile or a devcontainer.json, each step in a workbench.",
            "Steps have no network: what they need is fetched into the context first.");
    spec.addOption(
        Syntax.option("--file", "FILE", String.class, "Otherwise found in DIR.").toBuilder()
            .names("-f", "--file")
            .build());
    spec.addOption(named());
    spec.addOption(Syntax.options("--build-arg", "K=V", "A value for an ARG; may be given often."));
    spec.addOption(Syntax.flag("--no-cache", "Does every step again."));
    spec.addOption(
        Syntax.option("--time", "TIME", String.class, "Longest time of a step; otherwise 10m."));
    spec.addOption(
        Syntax.option("--memory", "SIZE", String.class, "A step's memory; otherwise 2G."));
    spec.addOption(
        Syntax.option(
            "--disk", "SIZE", String.class, "Most that files may take meanwhile; otherwise 10G."));
    Images.addHelper(spec);
    spec.addPositional(Syntax.argument(0, "DIR", "The context: what COPY takes files from."));
  }

  private static OptionSpec named() {
    return Syntax.option("--tag", "NAME", String.class, "Its name; otherwise after the directory.")
        .toBuilder()
        .names("-t", "--tag")
        .build();
  }

  static StoredImage run(String given, ParseResult arguments, Context context) throws IOException {
    Path directory = context.resolve(given);
    if (!Files.isDirectory(directory)) {
      throw new CommandFailure(ExitCode.USAGE, "`%s` is no directory".formatted(given));
    }
    long disk = Quantities.bytes(arguments, "--disk", DISK_BYTES);
    try (var workshop = new Workshop(arguments, context, disk)) {
      var builder =
          new ImageBuilder(
              ImageStore.in(context.home()), workshop, new Progress(context.terminal()));
      return builder.build(request(directory, arguments, context));
    }
  }

  private static BuildRequest request(Path directory, ParseResult arguments, Context context)
      throws IOException {
    String tag = arguments.matchedOptionValue("--tag", "");
    var name = ImageReference.parse(tag.isEmpty() ? ImagesCommand.named(directory) : tag);
    if (name.digest().isPresent()) {
      throw new CommandFailure(
          ExitCode.USAGE, "`%s` is no name for a new image: NAME or NAME:TAG is".formatted(tag));
    }
    String file = arguments.matchedOptionValue("--file", "");
    var recipe =
        file.isEmpty()
            ? BuildRecipe.found(directory)
            : BuildRecipe.given(context.resolve(file), directory);
    recipe
        .unheeded()
        .forEach(field -> context.terminal().note("note: `%s` has no effect".formatted(field)));
    Map<String, String> given = new HashMap<>(recipe.arguments());
    given.putAll(buildArguments(arguments, context));
    long memory = Quantities.bytes(arguments, "--memory", Caps.DEFAULT.memoryBytes());
    return new BuildRequest(
        recipe.context(),
        recipe.dockerfile(),
        recipe.file(),
        name.toString(),
        given,
        arguments.hasMatchedOption("--no-cache"),
        Caps.DEFAULT
            .withMemoryBytes(memory)
            .withWallTime(Quantities.time(arguments, "--time", "10m")));
  }

  private static Map<String, String> buildArguments(ParseResult arguments, Context context) {
    var given = new HashMap<String, String>();
    if (context.env().containsKey(EPOCH)) {
      given.put(EPOCH, context.env().get(EPOCH));
    }
    for (String pair : arguments.matchedOptionValue("--build-arg", List.<String>of())) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new CommandFailure(
            ExitCode.USAGE, "`%s` of `--build-arg` is not understood: K=V is".formatted(pair));
      }
      given.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return given;
  }

  /** Lines beside the result. What programs and Dockerfiles say is a stranger's. */
  private record Progress(Terminal terminal) implements BuildListener {
    @Override
    public void step(String text, boolean cached) {
      terminal.note((cached ? "as before  " : "step       ") + Terminal.safe(oneLine(text)));
    }

    @Override
    public void output(String line) {
      terminal.note("  | " + Terminal.safe(line));
    }

    @Override
    public void note(String text) {
      terminal.note("note: " + Terminal.safe(text));
    }

    private static String oneLine(String text) {
      String line = text.replaceAll("\\s+", " ");
      return line.length() > 200 ? line.substring(0, 199) + "…" : line;
    }
  }
}
