package dev.holdfast.workspace.overlay;

import dev.holdfast.digest.Sha256;
import dev.holdfast.run.Ids;
import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.WorkspaceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The mirrors and base trees on disk, each made once and shared. */
final class Bases {
  private static final String UNFINISHED = "new-";
  private static final int KEY_DIGITS = 16;
  private static final String MIRROR = ".git";

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
    return new Mirror(git, source, repos.resolve(key(source) + MIRROR));
  }

  private static String key(Source source) {
    return Sha256.hex(source.address()).substring(0, KEY_DIGITS);
  }

  /** The commit to start from, fetched into the mirror. */
  CommitId commit(Mirror mirror, Source source, WorkspaceSpec spec) throws IOException {
    try (var _ = locks.hold(mirror.gitDir().getFileName().toString())) {
      CommitId commit = mirror.fetch(spec.revision());
      touch(mirror.gitDir());
      return spec.includeDirty() ? new DirtyFiles(mirror, source).onto(commit) : commit;
    }
  }

  /** The base tree of a commit that the mirror has, checked out when it is not yet. */
  BaseTree open(Mirror mirror, CommitId commit) throws IOException {
    Path directory = bases.resolve(name(mirror.source(), commit));
    try (var _ = locks.hold(directory.getFileName().toString())) {
      if (!Files.exists(directory)) {
        build(mirror, commit, directory);
      }
      touch(directory);
    }
    return BaseTree.open(directory, commit);
  }

  private static String name(Source source, CommitId commit) {
    return key(source) + "-" + commit;
  }

  /** Marks it as used now, under its lock. */
  private static void touch(Path directory) throws IOException {
    Files.setLastModifiedTime(directory, FileTime.from(Instant.now()));
  }

  /** What a workspace stands on. */
  record Use(Source source, CommitId commit) {}

  /**
   * The base trees that none of {@code uses} needs, then the mirrors that neither a use nor another
   * base tree needs, all of them last used before {@code since}.
   */
  List<Path> unused(List<Use> uses, Instant since) throws IOException {
    var needed = new HashSet<String>();
    uses.forEach(use -> needed.add(name(use.source(), use.commit())));
    List<Path> found = idle(bases, needed, since);
    needed.clear();
    uses.forEach(use -> needed.add(key(use.source()) + MIRROR));
    for (Path base : children(bases)) {
      String name = base.getFileName().toString();
      if (!found.contains(base) && !name.startsWith(UNFINISHED)) {
        needed.add(name.substring(0, KEY_DIGITS) + MIRROR);
      }
    }
    found.addAll(idle(repos, needed, since));
    return found;
  }

  private static List<Path> idle(Path parent, Set<String> needed, Instant since)
      throws IOException {
    var found = new ArrayList<Path>();
    for (Path directory : children(parent)) {
      String name = directory.getFileName().toString();
      if (!needed.contains(name) && !name.startsWith(UNFINISHED) && before(directory, since)) {
        found.add(directory);
      }
    }
    return found;
  }

  private static List<Path> children(Path parent) throws IOException {
    try (Stream<Path> directories = Files.list(parent)) {
      return directories.sorted().toList();
    }
  }

  private static boolean before(Path directory, Instant since) throws IOException {
    return Files.getLastModifiedTime(directory).toInstant().isBefore(since);
  }

  /** Removes one of {@link #unused}; false when it has been used since. */
  boolean remove(Path directory, Instant since) throws IOException {
    Path doomed = bases.resolve(UNFINISHED + Ids.random(10));
    try (var _ = locks.hold(directory.getFileName().toString())) {
      if (!Files.exists(directory) || !before(directory, since)) {
        return false;
      }
      Files.move(directory, doomed, StandardCopyOption.ATOMIC_MOVE);
    }
    Trees.delete(doomed);
    return true;
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
    for (Path directory : children(bases)) {
      if (directory.getFileName().toString().startsWith(UNFINISHED)) {
        var builder = Owner.read(directory.resolve("owner"));
        if (builder.isEmpty() || !builder.get().alive()) {
          Trees.delete(directory);
        }
      }
    }
  }
}
