package dev.holdfast.cli.image;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.image.ImageReference;
import dev.holdfast.image.Platform;
import dev.holdfast.image.archive.LocalArchive;
import dev.holdfast.image.store.ImageStore;
import dev.holdfast.image.store.StoredImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast images}: the images that workbenches are made of. */
public final class ImagesCommand implements Command {
  @Override
  public CommandSpec spec() {
    var spec = Syntax.command("Pulls and keeps the images that workbenches are made of.");
    Images.addHelper(
        Syntax.subcommand(spec, "pull", "Fetches an image from its registry, checked by digest.")
            .addPositional(Syntax.argument(0, "REF", "NAME[:TAG] or NAME@sha256:DIGEST.")));
    Syntax.subcommand(
            spec,
            "load",
            "Takes an image from an OCI layout (directory or tar) or from what `docker save` writes.")
        .addOption(
            Syntax.option("--name", "REF", String.class, "Its name; otherwise after the file."))
        .addPositional(Syntax.argument(0, "FILE", "The archive."));
    BuildImage.addTo(spec);
    Syntax.subcommand(spec, "ls", "Lists the images.");
    Syntax.subcommand(spec, "inspect", "Shows an image: digests, layers, how it wants to run.")
        .addPositional(Syntax.argument(0, "REF", "Its name."));
    Syntax.subcommand(spec, "rm", "Forgets an image, and removes what nothing else needs of it.")
        .addPositional(Syntax.argument(0, "REF", "Its name."));
    Syntax.subcommand(spec, "gc", "Removes what no image needs and no workbench uses.")
        .addOption(
            Syntax.option(
                "--unused-for", "DAYS", Integer.class, "Also images not used for so long."))
        .addOption(Syntax.flag("--dry-run", "Only says what would be removed."));
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    var sub = arguments.hasSubcommand() ? arguments.subcommand() : arguments;
    var store = ImageStore.in(context.home());
    String given = sub.matchedPositionalValue(0, "");
    switch (sub.commandSpec().name()) {
      case "pull" -> ImageText.line(Images.pull(given, sub, context), context.terminal());
      case "load" -> ImageText.line(load(store, given, sub, context), context.terminal());
      case "build" -> ImageText.line(BuildImage.run(given, sub, context), context.terminal());
      case "ls" -> store.list().forEach(image -> ImageText.line(image, context.terminal()));
      case "inspect" -> {
        var image = known(store, given);
        ImageText.whole(image, store.unpacked(image), context.terminal());
      }
      case "rm" -> {
        store.remove(known(store, given));
        collect(store, Optional.empty(), false, context.terminal());
      }
      case "gc" -> {
        int days = sub.matchedOptionValue("--unused-for", -1);
        collect(
            store,
            days < 0 ? Optional.empty() : Optional.of(Duration.ofDays(days)),
            sub.hasMatchedOption("--dry-run"),
            context.terminal());
      }
      default ->
          throw new CommandFailure(
              ExitCode.USAGE,
              "`images` needs a sub-command: pull, load, build, ls, inspect, rm or gc");
    }
    return ExitCode.OK.number();
  }

  private static StoredImage known(ImageStore store, String name) throws IOException {
    return store
        .find(name)
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.FAILED,
                    "image `%s` is not here: `holdfast images ls` lists those that are"
                        .formatted(name)));
  }

  private static StoredImage load(
      ImageStore store, String given, ParseResult arguments, Context context) throws IOException {
    Path file = context.resolve(given);
    String name = arguments.matchedOptionValue("--name", "");
    var reference = ImageReference.parse(name.isEmpty() ? named(file) : name);
    try (var archive = LocalArchive.open(file, store.scratch())) {
      return store.pull(
          reference.toString(),
          reference.digest(),
          archive,
          Platform.ofHost(),
          Images.progress(context.terminal()));
    }
  }

  /** A name made of a file's: nobody's registry has it. */
  static String named(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    String clean =
        name.replaceAll("\\.(tar|tgz|tar\\.gz)$", "")
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    return "localhost/" + (clean.isEmpty() ? "image" : clean);
  }

  private static void collect(
      ImageStore store, Optional<Duration> unusedFor, boolean dry, Terminal terminal)
      throws IOException {
    var removed = store.collect(unusedFor, dry);
    if (terminal.json()) {
      terminal.json(
          Map.of(
              "names", removed.names(),
              "contents", removed.contents(),
              "trees", removed.trees(),
              "bytes", removed.bytes(),
              "removed", !dry));
      return;
    }
    removed.names().forEach(name -> terminal.line("not used for long: " + name));
    terminal.line(
        "%s %d contents and %d trees, %s"
            .formatted(
                dry ? "would remove" : "removed",
                removed.contents(),
                removed.trees(),
                Sizes.text(removed.bytes())));
  }
}
