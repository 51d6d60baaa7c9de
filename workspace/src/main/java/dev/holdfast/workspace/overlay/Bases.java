package dev.holdfast.workspace.overlay;

import dev.holdfast.digest.Sha256;
import dev.holdfast.run.Ids;
import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.WorkspaceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** The mirrors and base trees on disk, each made once and shared. */
final class Bases {
  private static final String UNFINISHED = "new-";
  private static final int KEY_DIGITS = 16;

  private final Git git;
  private final Locks locks;
  private final Path repos;
  private final Path bases;
  private final int owner;

  Bases(Git git, Locks locks, Path state, int owner) throws IOException {
    this.git = git;
    this.locks = locks;
    this.repos = Files.createDirectories(state.resolve("repos"));
    this.bases = Files.createDirectories(state.resolve("bases"));
    this.owner = owner;
  }

  Mirror mirror(Source source) {
    return new Mirror(git, source, repos.resolve(key(source) + ".git"));
  }

  private static String key(Source source) {
    return Sha256.hex(source.address()).substring(0, KEY_DIGITS);
  }

  /** The commit to start from, fetched into the mirror. */
  CommitId commit(Mirror mirror, Source source, WorkspaceSpec spec) throws IOException {
    try (var _ = locks.hold(mirror.gitDir().getFileName().toString())) {
      CommitId commit = mirror.fetch(spec.revision());
      return spec.includeDirty() ? new DirtyFiles(mirror, source).onto(commit) : commit;
    }
  }

  /** The base tree of a commit that the mirror has, checked out when it is not yet. */
  BaseTree open(Mirror mirror, CommitId commit) throws IOException {
    String repository = mirror.gitDir().getFileName().toString().replace(".git", "");
    Path directory = bases.resolve(repository + "-" + commit);
    if (!Files.exists(directory)) {
      try (var _ = locks.hold(directory.getFileName().toString())) {
        if (!Files.exists(directory)) {
          build(mirror, commit, directory);
        }
      }
    }
    return BaseTree.open(directory, commit);
  }

  private void build(Mirror mirror, CommitId commit, Path directory) throws IOException {
    Path fresh = Files.createDirectory(bases.resolve(UNFINISHED + Ids.random(10)));
    try {
      Owner.self().write(fresh.resolve("owner"));
      new BaseBuilder(mirror, owner).build(commit, fresh);
      Files.delete(fresh.resolve("owner"));
      Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Trees.delete(fresh);
    }
  }

  /** Removes what dead processes had half checked out. */
  void recover() throws IOException {
    try (Stream<Path> directories = Files.list(bases)) {
      for (Path directory : directories.toList()) {
        if (directory.getFileName().toString().startsWith(UNFINISHED)) {
          var builder = Owner.read(directory.resolve("owner"));
          if (builder.isEmpty() || !builder.get().alive()) {
            Trees.delete(directory);
          }
        }
      }
    }
  }
}
