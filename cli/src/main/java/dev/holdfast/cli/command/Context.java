package dev.holdfast.cli.command;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a command runs in.
 *
 * @param home the state directory; it need not exist yet
 * @param terminal where to write
 * @param directory the directory that relative paths of the user mean
 * @param env the process's environment
 */
public record Context(Path home, Terminal terminal, Path directory, Map<String, String> env) {
  public Context {
    env = Map.copyOf(env);
  }

  /** A path that the user wrote, made absolute. */
  public Path resolve(String path) {
    return directory.resolve(path).normalize();
  }
}
