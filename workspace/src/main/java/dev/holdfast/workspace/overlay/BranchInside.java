package dev.holdfast.workspace.overlay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The branch of a workspace, as its own {@code .git} names it, given another name in a copy. The
 * files are an agent's: they are reached part by part, never through a link, and where they are not
 * as git writes a checked-out branch they stay as they are.
 */
record BranchInside(String from, String to) {
  private static final String HEADS = "refs/heads/";
  private static final int LONGEST = 1 << 10;

  /** Renames it in an upper directory that is not mounted. */
  void rename(Path upper, int owner) throws IOException {
    try (Directory root = Directory.open(upper)) {
      if (!isDirectory(root, ".git")) {
        return;
      }
      try (Directory git = root.directory(".git")) {
        if (content(git, "HEAD").equals(Optional.of(head(from)))) {
          rename(git, owner);
        }
      }
    }
  }

  private static String head(String branch) {
    return "ref: " + HEADS + branch + "\n";
  }

  private void rename(Directory git, int owner) throws IOException {
    Optional<String> commit = take(git, HEADS + from);
    if (commit.isPresent()) {
      put(git, HEADS + to, commit.get(), owner);
      git.remove("HEAD");
      put(git, "HEAD", head(to), owner);
    }
  }

  /** Removes a small file and tells what was in it; empty when there is none. */
  private static Optional<String> take(Directory at, String path) throws IOException {
    int slash = path.indexOf('/');
    if (slash >= 0) {
      if (!isDirectory(at, path.substring(0, slash))) {
        return Optional.empty();
      }
      try (Directory next = at.directory(path.substring(0, slash))) {
        return take(next, path.substring(slash + 1));
      }
    }
    Optional<String> content = content(at, path);
    if (content.isPresent()) {
      at.remove(path);
    }
    return content;
  }

  private static void put(Directory at, String path, String content, int owner) throws IOException {
    int slash = path.indexOf('/');
    if (slash < 0) {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      try (OpenFile file = at.create(path)) {
        file.write(bytes, 0, bytes.length);
        file.chown(owner);
        file.chmod(0644);
      }
      return;
    }
    String name = path.substring(0, slash);
    if (at.find(name).isEmpty()) {
      at.makeDirectory(name, 0755);
      at.chown(name, owner);
    }
    try (Directory next = at.directory(name)) {
      put(next, path.substring(slash + 1), content, owner);
    }
  }

  private static boolean isDirectory(Directory at, String name) throws IOException {
    return at.find(name).filter(Stat::isDirectory).isPresent();
  }

  private static Optional<String> content(Directory at, String name) throws IOException {
    if (at.find(name).filter(it -> it.isFile() && it.size() <= LONGEST).isEmpty()) {
      return Optional.empty();
    }
    try (OpenFile file = at.file(name)) {
      byte[] bytes = file.stream().readNBytes(LONGEST);
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    }
  }
}
