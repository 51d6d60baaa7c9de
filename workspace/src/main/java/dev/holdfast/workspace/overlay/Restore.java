package dev.holdfast.workspace.overlay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes an unmounted upper directory what a manifest says. Doing it again, also after it was cut
 * short, comes to the same.
 */
final class Restore {
  private final Checkpoints checkpoints;
  private final int owner;

  Restore(Checkpoints checkpoints, int owner) {
    this.checkpoints = checkpoints;
    this.owner = owner;
  }

  void apply(Manifest manifest, Path upper) throws IOException {
    Map<String, SortedMap<String, Manifest.Entry>> byParent = new TreeMap<>();
    for (var entry : manifest.entries().entrySet()) {
      int slash = entry.getKey().lastIndexOf('/');
      String parent = slash < 0 ? "" : entry.getKey().substring(0, slash);
      byParent
          .computeIfAbsent(parent, _ -> new TreeMap<>())
          .put(entry.getKey().substring(slash + 1), entry.getValue());
    }
    try (Directory root = Directory.open(upper)) {
      folder(root, "", byParent);
    }
  }

  private void folder(
      Directory directory, String path, Map<String, SortedMap<String, Manifest.Entry>> byParent)
      throws IOException {
    SortedMap<String, Manifest.Entry> wanted = byParent.getOrDefault(path, new TreeMap<>());
    for (String name : directory.names()) {
      Manifest.Entry entry = wanted.get(name);
      if (entry == null || !keep(directory, name, entry)) {
        Trees.delete(directory, name);
      }
    }
    for (var entry : wanted.entrySet()) {
      String name = entry.getKey();
      if (directory.find(name).isEmpty()) {
        make(directory, name, entry.getValue());
      }
      if (entry.getValue().stat().isDirectory()) {
        try (Directory deeper = directory.directory(name)) {
          deeper.chmod(entry.getValue().stat().permissions());
          folder(deeper, Raw.join(path, name), byParent);
        }
      }
      directory.setTime(name, entry.getValue().stat().mtime());
    }
  }

  private static boolean keep(Directory directory, String name, Manifest.Entry entry)
      throws IOException {
    Stat now = directory.stat(name);
    if (!now.isDirectory() || !entry.stat().isDirectory()) {
      return entry.untouched(now);
    }
    try (Directory existing = directory.directory(name)) {
      return existing.opaque() == entry.data().equals("y");
    }
  }

  private void make(Directory parent, String name, Manifest.Entry entry) throws IOException {
    Stat stat = entry.stat();
    if (stat.isDirectory()) {
      parent.makeDirectory(name, 0700);
      if (entry.data().equals("y")) {
        try (Directory directory = parent.directory(name)) {
          directory.setOpaque();
        }
      }
    } else if (stat.isFile()) {
      makeFile(parent, name, entry);
    } else if (stat.isLink()) {
      parent.makeLink(name, entry.data());
    } else {
      parent.makeNode(name, stat.type() | stat.permissions());
    }
    if (!stat.isWhiteout()) {
      parent.chown(name, owner);
    }
  }

  private void makeFile(Directory parent, String name, Manifest.Entry entry) throws IOException {
    try (OpenFile from = checkpoints.blob(entry.data()).open();
        OpenFile to = parent.create(name)) {
      Sparse.copy(from, to);
      to.chown(owner);
      to.chmod(entry.stat().permissions());
    }
  }
}
