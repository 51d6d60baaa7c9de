package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.WorkspaceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where a workspace's files come from. */
sealed interface Source {
  /** What git fetches from and pushes to. */
  String address();

  /** A repository on this machine, by its top level or its git directory. */
  record Local(Path directory, Path gitDir) implements Source {
    @Override
    public String address() {
      return directory.toString();
    }
  }

  /** A repository that git reaches over a transport. */
  record Remote(String address) implements Source {}

  /** Tells what {@code repository} is. */
  static Source of(Git git, String repository) throws IOException {
    if (repository.isBlank() || repository.startsWith("-") || repository.contains("::")) {
      throw new WorkspaceException(
          "repository `%s` is not allowed: give a directory or a URL".formatted(repository));
    }
    if (repository.matches("(?s)[a-z+]+://.+|[^/:]+@[^/:]+:.+")) {
      return new Remote(repository);
    }
    Path directory = Path.of(repository);
    if (!Files.isDirectory(directory)) {
      throw new WorkspaceException(
          "repository `%s` does not exist: give a directory or a URL".formatted(repository));
    }
    return local(git, directory.toRealPath());
  }

  private static Source local(Git git, Path directory) throws IOException {
    Path inside = directory.resolve(".git");
    if (Files.isDirectory(inside) && Files.isRegularFile(inside.resolve("HEAD"))) {
      // The ordinary case, without a process; git itself says no later if it is none.
      return new Local(directory, inside.toRealPath());
    }
    Path gitDir = Files.exists(inside) ? inside : directory;
    var result = git.on(gitDir, "rev-parse", "--absolute-git-dir").run();
    if (result.exit() != 0) {
      throw new WorkspaceException(
          "`%s` is not the top level of a git repository: %s".formatted(directory, result.err()));
    }
    return new Local(directory, Path.of(result.text()));
  }

  /** The commit that {@code revision} names in the repository {@code gitDir}. */
  static Optional<CommitId> resolve(Git git, Path gitDir, String revision) throws IOException {
    var result =
        git.on(
                gitDir,
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                revision + "^{commit}")
            .run();
    return result.exit() == 0 ? Optional.of(new CommitId(result.text())) : Optional.empty();
  }
}
