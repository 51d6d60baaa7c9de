package dev.holdfast.tool.declared;

import dev.holdfast.tool.Tool;
import dev.holdfast.tool.registry.InputCheck;
import dev.holdfast.workbench.PureFunctions;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds declarations on disk. One that is wrong refuses all: a tool never goes missing silently.
 */
public final class DeclaredTools {
  private static final int MOST_BYTES = 64 << 10;
  private static final int MOST_FILES = 200;

  private final InputCheck check = new InputCheck();
  private final Map<String, String> taken = new HashMap<>();
  private final List<DeclaredTool> tools = new ArrayList<>();

  private final PureFunctions functions;

  private DeclaredTools(PureFunctions functions) {
    this.functions = functions;
  }

  /**
   * The tools of the user and of a repository. Every name is unique: no declaration takes the place
   * of a built-in tool or of another's.
   *
   * @param home the directory of the user's own declarations
   * @param repository the directory of those in the user's checkout of a repository, never of an
   *     agent's copy
   * @param functions runs the modules of those that are functions
   * @throws DeclarationException naming file and line, when any of them cannot be used
   */
  public static List<DeclaredTool> load(
      Path home,
      Optional<Path> repository,
      Collection<? extends Tool> builtIn,
      PureFunctions functions) {
    var loader = new DeclaredTools(functions);
    builtIn.forEach(tool -> loader.taken.put(tool.definition().name(), "a built-in tool"));
    files(home).forEach(file -> loader.add(file, Origin.HOME));
    repository.ifPresent(
        directory -> files(directory).forEach(file -> loader.add(file, Origin.REPOSITORY)));
    return List.copyOf(loader.tools);
  }

  /** Reads one declaration. */
  public static DeclaredTool read(Path file, Origin origin, PureFunctions functions) {
    return DeclarationReader.read(file.toString(), text(file), origin, new InputCheck(), functions);
  }

  private void add(Path file, Origin origin) {
    var tool = DeclarationReader.read(file.toString(), text(file), origin, check, functions);
    var name = tool.definition().name();
    var other = taken.putIfAbsent(name, file.toString());
    if (other != null) {
      throw new DeclarationException(
          file.toString(),
          0,
          "the name `%s` is taken by %s: names are unique".formatted(name, other));
    }
    tools.add(tool);
  }

  /** The declarations in a directory, sorted; none when there is no directory. */
  public static List<Path> files(Path directory) {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new DeclarationException(
          directory.toString(), 0, "this is not a directory: links are not followed");
    }
    try (var entries = Files.list(directory)) {
      var files = entries.filter(DeclaredTools::isDeclaration).sorted().toList();
      if (files.size() > MOST_FILES) {
        throw new DeclarationException(
            directory.toString(),
            0,
            "there are %d declarations: %d are allowed".formatted(files.size(), MOST_FILES));
      }
      return files;
    } catch (IOException e) {
      throw new DeclarationException(
          directory.toString(), 0, "the directory cannot be listed: " + e.getMessage());
    }
  }

  private static boolean isDeclaration(Path file) {
    var name = file.toString();
    if (name.endsWith(".yml")) {
      throw new DeclarationException(name, 0, "a declaration's name must end in `.yaml`");
    }
    return name.endsWith(".yaml");
  }

  private static String text(Path file) {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MOST_BYTES) {
        throw new DeclarationException(
            file.toString(), 0, "a declaration must be a regular file of at most 64 KiB");
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new DeclarationException(file.toString(), 0, "a declaration must be UTF-8");
    } catch (IOException e) {
      throw new DeclarationException(file.toString(), 0, "it cannot be read: " + e.getMessage());
    }
  }
}
