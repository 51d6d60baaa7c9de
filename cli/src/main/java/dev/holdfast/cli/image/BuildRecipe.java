package dev.holdfast.cli.image;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.build.DevContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What says how an image is made, read.
 *
 * @param dockerfile its text
 * @param file what it is called in messages
 * @param context what {@code COPY} takes files from
 * @param unheeded fields of a devcontainer.json that have no effect
 */
record BuildRecipe(
    String dockerfile,
    String file,
    Path context,
    Map<String, String> arguments,
    List<String> unheeded) {
  private static final int LONGEST = 1 << 20;
  private static final List<String> PLACES =
      List.of("Dockerfile", ".devcontainer/devcontainer.json", ".devcontainer.json");

  /** The first that the directory has. */
  static BuildRecipe found(Path directory) throws IOException {
    for (String name : PLACES) {
      if (Files.isRegularFile(directory.resolve(name))) {
        return given(within(directory.resolve(name), directory), directory);
      }
    }
    throw new CommandFailure(
        ExitCode.USAGE,
        "`%s` has none of %s: `-f` names another file"
            .formatted(directory, String.join(", ", PLACES)));
  }

  static BuildRecipe given(Path file, Path directory) throws IOException {
    String name = String.valueOf(file.getFileName());
    if (!name.endsWith(".json")) {
      return new BuildRecipe(text(file), name, directory, Map.of(), List.of());
    }
    DevContainer container;
    try {
      container = DevContainer.read(text(file));
    } catch (ImageException wrong) {
      throw new ImageException("%s: %s".formatted(name, wrong.getMessage()), wrong);
    }
    Path beside = file.resolveSibling(".");
    var named = container.dockerfile();
    boolean own = named.isEmpty();
    String base = own ? "" : text(within(beside.resolve(named.get()), directory));
    return new BuildRecipe(
        container.dockerfile(base),
        own ? name : named.get(),
        own ? directory : within(beside.resolve(container.context()), directory),
        container.arguments(),
        container.unheeded());
  }

  /**
   * What a repository names must be in it: another file of this machine would get into the image.
   */
  private static Path within(Path path, Path directory) throws IOException {
    if (!Files.exists(path) || !path.toRealPath().startsWith(directory.toRealPath())) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "`%s` is not allowed: it must be there and below `%s`"
              .formatted(path.normalize(), directory));
    }
    return path.toRealPath();
  }

  private static String text(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
      throw new CommandFailure(
          ExitCode.USAGE, "`%s` is no file of at most %d bytes".formatted(file, LONGEST));
    }
    return Files.readString(file);
  }
}
