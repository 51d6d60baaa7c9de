package dev.holdfast.image.build;

import dev.holdfast.digest.Sha256;
import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.unpack.FileTree;
import dev.holdfast.image.unpack.FileTree.Entry;
import dev.holdfast.image.unpack.FileTree.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a {@code COPY} takes, found in its context or in another image. */
final class Sources {
  private static final int MOST = 1_000_000;
  private static final int DEEPEST = 200;

  private final FileTree tree;
  private final IgnoreRules ignored;
  private final List<Item> items = new ArrayList<>();

  Sources(FileTree tree, IgnoreRules ignored) {
    this.tree = tree;
    this.ignored = ignored;
  }

  /**
   * Something that is copied.
   *
   * @param target where to, below the destination; empty for what is copied to the destination
   *     itself
   * @param content the digest of a file's content; what a link leads to
   */
  record Item(Entry source, String target, String content) {}

  /** What was written as one source may be several, or a directory, whose content is meant. */
  record Found(List<Item> items, int sources, boolean directory) {}

  Found find(List<String> written) throws IOException {
    int sources = 0;
    boolean directory = false;
    for (String source : written) {
      List<String> matches = matches(parts(source));
      if (matches.isEmpty()) {
        throw new ImageException("`%s` is not there, or left out".formatted(source));
      }
      for (String match : matches) {
        sources++;
        directory |= take(match);
      }
    }
    return new Found(items, sources, directory);
  }

  private static List<String> parts(String written) {
    List<String> parts =
        Arrays.stream(FileTree.raw(written).split("/", -1))
            .filter(part -> !part.isEmpty() && !part.equals("."))
            .toList();
    if (parts.contains("..")) {
      throw new ImageException(
          "`%s` is not allowed: `..` could lead out of the context".formatted(written));
    }
    return parts;
  }

  private List<String> matches(List<String> parts) throws IOException {
    List<String> found = List.of("");
    for (String part : parts) {
      var next = new ArrayList<String>();
      for (String directory : found) {
        next.addAll(matches(directory, part));
      }
      found = next;
    }
    return found;
  }

  private List<String> matches(String directory, String part) throws IOException {
    if (!Glob.isPattern(part)) {
      String path = FileTree.below(directory, part);
      return seen(path).isPresent() ? List.of(path) : List.of();
    }
    if (tree.find(tree.resolve(directory)).filter(e -> e.kind() == Kind.DIRECTORY).isEmpty()) {
      return List.of();
    }
    var pattern = Glob.of(part);
    return tree.names(tree.resolve(directory)).stream()
        .filter(name -> pattern.matcher(name).matches())
        .map(name -> FileTree.below(directory, name))
        .filter(path -> !ignored.leavesOut(path))
        .toList();
  }

  /** What is there once links are followed, as far as they do not lead out. */
  private Optional<Entry> seen(String path) throws IOException {
    String real = tree.resolve(path);
    boolean out = ignored.leavesOut(path) || ignored.leavesOut(real);
    Optional<Entry> entry = tree.find(real);
    // What is left out may be named where something in it is not.
    boolean partly =
        entry.filter(it -> it.kind() == Kind.DIRECTORY).isPresent() && ignored.takesBack();
    return out && !partly ? Optional.empty() : entry;
  }

  /** Says whether it is a directory. */
  private boolean take(String path) throws IOException {
    Entry entry = seen(path).orElseThrow(() -> new ImageException("`%s` is gone".formatted(path)));
    if (entry.kind() == Kind.DIRECTORY) {
      below(entry.path(), "", 0);
      return true;
    }
    add(entry, path.substring(path.lastIndexOf('/') + 1));
    return false;
  }

  private void below(String directory, String target, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new ImageException(
          "`%s` is not allowed: at most %d directories may be inside one another"
              .formatted(FileTree.readable(target), DEEPEST));
    }
    for (String name : tree.names(directory)) {
      String path = FileTree.below(directory, name);
      Entry entry =
          tree.find(path)
              .orElseThrow(
                  () ->
                      new ImageException(
                          "`%s` has changed meanwhile".formatted(FileTree.readable(path))));
      boolean out = ignored.leavesOut(path);
      if (!out) {
        add(entry, FileTree.below(target, name));
      }
      if (entry.kind() == Kind.DIRECTORY && (!out || ignored.takesBack())) {
        below(path, FileTree.below(target, name), depth + 1);
      }
    }
  }

  private void add(Entry entry, String target) throws IOException {
    if (items.size() >= MOST) {
      throw new ImageException("more than %d files are not allowed".formatted(MOST));
    }
    String content =
        switch (entry.kind()) {
          case FILE -> digest(entry);
          case SYMLINK -> tree.target(entry);
          case DIRECTORY -> "";
          case WHITEOUT, OTHER ->
              throw new ImageException(
                  "`%s` is not allowed: only files, directories and links can be copied"
                      .formatted(FileTree.readable(entry.path())));
        };
    items.add(new Item(entry, target, content));
  }

  private String digest(Entry file) throws IOException {
    MessageDigest hash = Sha256.start();
    byte[] buffer = new byte[64 << 10];
    try (InputStream in = tree.read(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        hash.update(buffer, 0, read);
      }
    }
    return Digest.of(hash).toString();
  }
}
