package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.overlay.Delta.Bytes;
import dev.holdfast.workspace.overlay.Delta.Side;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Compares an upper directory with the base tree below it: the cost is the upper directory's. */
final class ChangeScan {
  private final BaseTree base;
  private final TreeMap<String, Delta> deltas = new TreeMap<>();
  private final TreeMap<String, String> problems = new TreeMap<>();

  private ChangeScan(BaseTree base) {
    this.base = base;
  }

  /**
   * What differs.
   *
   * @param deltas sorted by raw path
   * @param problems raw paths that no change may hold, each with the reason
   */
  record Found(TreeMap<String, Delta> deltas, TreeMap<String, String> problems) {}

  static Found scan(BaseTree base, Node.Folder upper) throws IOException {
    var scan = new ChangeScan(base);
    try (Directory root = Directory.open(base.tree())) {
      scan.folder("", upper, Optional.of(root), false);
    }
    return new Found(scan.deltas, scan.problems);
  }

  /**
   * @param below the base's directory of the same path, if it has one
   * @param hidden whether the overlay hides that directory
   */
  private void folder(String path, Node.Folder folder, Optional<Directory> below, boolean hidden)
      throws IOException {
    if (below.isPresent() && hidden) {
      for (String name : below.get().names()) {
        if (!folder.children().containsKey(name)) {
          gone(Raw.join(path, name), below.get(), name);
        }
      }
    }
    for (var child : folder.children().entrySet()) {
      boolean ownGit = path.isEmpty() && child.getKey().equals(".git");
      if (!ownGit) {
        child(Raw.join(path, child.getKey()), child.getKey(), child.getValue(), below, hidden);
      }
    }
  }

  private void child(String path, String name, Node node, Optional<Directory> below, boolean hidden)
      throws IOException {
    Optional<Stat> old = below.isPresent() ? below.get().find(name) : Optional.empty();
    if (base.gitlinks().contains(path)) {
      submodule(path, node);
      return;
    }
    Names.refusal(name, node).ifPresent(reason -> problems.put(path, reason));
    switch (node) {
      case Node.Whiteout _ -> {
        if (old.isPresent()) {
          gone(path, below.orElseThrow(), name);
        }
      }
      case Node.Special _ -> {
        removed(path, name, old, below);
        problems.put(path, "is a fifo, a socket or a device, which git cannot hold");
      }
      case Node.Folder folder -> {
        if (old.isPresent() && old.get().isDirectory()) {
          try (Directory deeper = below.orElseThrow().directory(name)) {
            folder(path, folder, Optional.of(deeper), hidden || folder.opaque());
          }
        } else {
          removed(path, name, old, below);
          folder(path, folder, Optional.empty(), false);
        }
      }
      case Node.Regular file -> file(path, name, side(file), old, below);
      case Node.Link link ->
          file(path, name, new Side(Delta.LINK, new Bytes.Text(link.target())), old, below);
    }
  }

  private static Side side(Node.Regular file) {
    int mode = file.stat().executable() ? Delta.EXECUTABLE : Delta.FILE;
    return new Side(mode, new Bytes.Stored(file.stat().size(), file.content()));
  }

  private void submodule(String path, Node node) {
    boolean untouched = node instanceof Node.Folder folder && folder.children().isEmpty();
    if (!untouched) {
      problems.put(path, "is a submodule, which a change cannot alter");
    }
  }

  private void removed(String path, String name, Optional<Stat> old, Optional<Directory> below)
      throws IOException {
    if (old.isPresent()) {
      gone(path, below.orElseThrow(), name);
    }
  }

  private void file(
      String path, String name, Side after, Optional<Stat> old, Optional<Directory> below)
      throws IOException {
    if (old.isPresent() && old.get().isDirectory()) {
      gone(path, below.orElseThrow(), name);
    }
    Optional<Side> before =
        old.isPresent() && !old.get().isDirectory()
            ? Optional.of(before(path, below.orElseThrow(), name, old.get()))
            : Optional.empty();
    if (before.isEmpty() || !same(before.get(), after)) {
      deltas.put(path, new Delta(path, before, Optional.of(after)));
    }
  }

  private Side before(String path, Directory below, String name, Stat stat) throws IOException {
    if (stat.isLink()) {
      return new Side(Delta.LINK, new Bytes.Text(below.link(name)));
    }
    int mode = stat.executable() ? Delta.EXECUTABLE : Delta.FILE;
    return new Side(mode, new Bytes.Stored(stat.size(), () -> openBase(path)));
  }

  private OpenFile openBase(String path) throws IOException {
    String[] parts = path.split("/", -1);
    Directory at = Directory.open(base.tree());
    try {
      for (int i = 0; i < parts.length - 1; i++) {
        Directory next = at.directory(parts[i]);
        at.close();
        at = next;
      }
      return at.file(parts[parts.length - 1]);
    } finally {
      at.close();
    }
  }

  /** Records everything that the base has at {@code name} as deleted. */
  private void gone(String path, Directory below, String name) throws IOException {
    if (path.equals(".git")) {
      return;
    }
    if (base.gitlinks().contains(path)) {
      problems.put(path, "is a submodule, which a change cannot alter");
      return;
    }
    Stat stat = below.stat(name);
    if (!stat.isDirectory()) {
      Side before = before(path, below, name, stat);
      deltas.put(path, new Delta(path, Optional.of(before), Optional.empty()));
      return;
    }
    try (Directory directory = below.directory(name)) {
      for (String child : directory.names()) {
        gone(Raw.join(path, child), directory, child);
      }
    }
  }

  private static boolean same(Side before, Side after) throws IOException {
    return before.mode() == after.mode() && sameBytes(before.bytes(), after.bytes());
  }

  static boolean sameBytes(Bytes before, Bytes after) throws IOException {
    if (before.size() != after.size()) {
      return false;
    }
    return switch (before) {
      case Bytes.Text text -> after.equals(text);
      case Bytes.Stored stored ->
          after instanceof Bytes.Stored other && sameContent(stored.content(), other.content());
    };
  }

  private static boolean sameContent(Content one, Content two) throws IOException {
    try (var first = one.open().stream();
        var second = two.open().stream()) {
      var left = new byte[1 << 16];
      var right = new byte[1 << 16];
      int n = first.readNBytes(left, 0, left.length);
      while (n > 0) {
        int m = second.readNBytes(right, 0, right.length);
        if (!Arrays.equals(left, 0, n, right, 0, m)) {
          return false;
        }
        n = first.readNBytes(left, 0, left.length);
      }
      return second.read() < 0;
    }
  }

  /** The paths that are new, in order: the only ones that ignore rules apply to. */
  static List<String> added(Found found) {
    var added = new ArrayList<String>();
    for (Delta delta : found.deltas().values()) {
      if (delta.before().isEmpty()) {
        added.add(delta.path());
      }
    }
    return added;
  }
}
