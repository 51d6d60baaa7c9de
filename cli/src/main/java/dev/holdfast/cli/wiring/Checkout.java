package dev.holdfast.cli.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The user's own checkout of a repository, which may bring tools and rules in {@code .holdfast}.
 * Never an agent's copy: what an agent writes takes part only after a person has merged it.
 *
 * @param directory its top level; empty where there is none, as for a URL
 */
public record Checkout(Optional<Path> directory) {
  /** No repository, or one that is elsewhere. */
  public static final Checkout NONE = new Checkout(Optional.empty());

  /** The checkout that a run's repository is, as the run recorded it. */
  public static Checkout of(String repository) {
    return repository.startsWith("/") ? new Checkout(Optional.of(Path.of(repository))) : NONE;
  }

  /** The checkout that {@code directory} is in. */
  public static Checkout around(Path directory) {
    for (var at = directory; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
        return new Checkout(Optional.of(at));
      }
    }
    return NONE;
  }

  /** What it declares of {@code kind}; empty when that is the user's own state directory. */
  Optional<Path> part(String kind, Path home) {
    return directory
        .map(it -> it.resolve(".holdfast"))
        .filter(it -> Files.isDirectory(it, LinkOption.NOFOLLOW_LINKS))
        .filter(it -> !isSame(it, home))
        .map(it -> it.resolve(kind));
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.exists(other) && Files.isSameFile(one, other);
    } catch (IOException unreadable) {
      return false; // what is read from it next says so
    }
  }
}
