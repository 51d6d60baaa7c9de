package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.WorkspaceException;
import java.io.IOException;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Refuses new names that differ from another only by case or by Unicode form: on macOS and Windows
 * one of the two files would silently take the other's place.
 */
final class Collisions {
  private Collisions() {}

  static void check(BaseTree base, Node.Folder upper, List<Delta> deltas) throws IOException {
    var fresh = new HashMap<String, Set<String>>();
    for (Delta delta : deltas) {
      if (delta.before().isEmpty()) {
        register(fresh, delta.path());
      }
    }
    if (fresh.isEmpty()) {
      return;
    }
    var deleted = new HashSet<String>();
    for (Delta delta : deltas) {
      if (delta.after().isEmpty()) {
        deleted.add(delta.path());
      }
    }
    try (Directory root = Directory.open(base.tree())) {
      check("", fresh, Optional.of(upper), Optional.of(root), deleted);
    }
  }

  private static void register(Map<String, Set<String>> fresh, String path) {
    String child = path;
    int slash = path.lastIndexOf('/');
    while (slash >= 0) {
      fresh
          .computeIfAbsent(child.substring(0, slash), _ -> new TreeSet<>())
          .add(child.substring(slash + 1));
      child = child.substring(0, slash);
      slash = child.lastIndexOf('/');
    }
    fresh.computeIfAbsent("", _ -> new TreeSet<>()).add(child);
  }

  private static void check(
      String path,
      Map<String, Set<String>> fresh,
      Optional<Node.Folder> upper,
      Optional<Directory> below,
      Set<String> deleted)
      throws IOException {
    Set<String> names = fresh.get(path);
    if (names == null) {
      return;
    }
    siblings(path, names, upper, below, deleted);
    for (String name : names) {
      Optional<Node> node = upper.map(folder -> folder.children().get(name));
      if (node.isPresent() && node.get() instanceof Node.Folder folder) {
        boolean inBase =
            !folder.opaque()
                && below.isPresent()
                && below.get().find(name).filter(Stat::isDirectory).isPresent();
        if (inBase) {
          try (Directory deeper = below.orElseThrow().directory(name)) {
            check(Raw.join(path, name), fresh, node.map(_ -> folder), Optional.of(deeper), deleted);
          }
        } else {
          check(Raw.join(path, name), fresh, Optional.of(folder), Optional.empty(), deleted);
        }
      }
    }
  }

  private static void siblings(
      String path,
      Set<String> names,
      Optional<Node.Folder> upper,
      Optional<Directory> below,
      Set<String> deleted)
      throws IOException {
    var folded = new HashMap<String, String>();
    for (String name : names) {
      clash(path, name, folded.put(fold(name), name));
    }
    if (below.isPresent()) {
      for (String name : below.get().names()) {
        boolean gone =
            deleted.contains(Raw.join(path, name))
                || upper.map(folder -> folder.children().get(name)).orElse(null)
                    instanceof Node.Whiteout;
        if (!gone) {
          clash(path, name, folded.get(fold(name)));
        }
      }
    }
  }

  private static void clash(
      String path, String name, @org.jspecify.annotations.Nullable String other) {
    if (other != null && !other.equals(name)) {
      throw new WorkspaceException(
          "`%s` and `%s` are the same file on macOS or Windows: rename one of them"
              .formatted(Raw.display(Raw.join(path, name)), Raw.display(Raw.join(path, other))));
    }
  }

  private static String fold(String name) {
    return Normalizer.normalize(Raw.text(name), Normalizer.Form.NFC)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }
}
