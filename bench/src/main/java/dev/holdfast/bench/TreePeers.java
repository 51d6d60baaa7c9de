package dev.holdfast.bench;

import dev.holdfast.files.HostFiles;
import java.nio.file.Path;

/** What people do without workspaces. Each call clears up after itself, untimed. */
final class TreePeers {
  private final String repository;
  private final Path directory;
  private int number;

  TreePeers(Path repository, Path directory) {
    this.repository = repository.toString();
    this.directory = directory;
  }

  long addWorktree() throws Exception {
    var tree = next();
    long nanos = Contender.timing(() -> add(tree)).once();
    remove(tree);
    return nanos;
  }

  long removeWorktree() throws Exception {
    var tree = next();
    add(tree);
    return Contender.timing(() -> remove(tree)).once();
  }

  long copy() throws Exception {
    var tree = next();
    long nanos = Contender.timing(() -> Programs.run("cp", "-a", repository, tree)).once();
    Programs.run("rm", "-rf", tree);
    return nanos;
  }

  long cloneLocally() throws Exception {
    var tree = next();
    long nanos =
        Contender.timing(() -> Programs.run("git", "clone", "-q", "--local", repository, tree))
            .once();
    Programs.run("rm", "-rf", tree);
    return nanos;
  }

  long removeClone() throws Exception {
    var tree = next();
    Programs.run("git", "clone", "-q", "--local", repository, tree);
    return Contender.timing(() -> Programs.run("rm", "-rf", tree)).once();
  }

  /** In a worktree of its own, its index warm, with the same files edited. */
  long status() throws Exception {
    var tree = next();
    add(tree);
    try {
      var _ = Programs.output("git", "-C", tree, "status", "--porcelain");
      WorkspaceRow.edit(Path.of(tree));
      return Contender.timing(() -> Programs.output("git", "-C", tree, "status", "--porcelain"))
          .once();
    } finally {
      remove(tree);
    }
  }

  /** Forgets worktrees whose removal was cut short. */
  void prune() throws Exception {
    HostFiles.delete(directory);
    Programs.run("git", "-C", repository, "worktree", "prune");
  }

  private String next() {
    return directory.resolve("tree-" + number++).toString();
  }

  private void add(String tree) throws Exception {
    Programs.run("git", "-C", repository, "worktree", "add", "-q", "--detach", tree);
  }

  private void remove(String tree) throws Exception {
    Programs.run("git", "-C", repository, "worktree", "remove", "--force", tree);
  }
}
