package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.WorkspaceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Reads an upper directory as it is now, while an agent may be writing to it. */
final class UpperWalk {
  private static final int ENTRIES = 2_000_000;
  private static final int DEPTH = 256;
  private final Path upper;
  private int seen;

  private UpperWalk(Path upper) {
    this.upper = upper;
  }

  static Node.Folder read(Path upper) throws IOException {
    try (Directory root = Directory.open(upper)) {
      return new UpperWalk(upper).folder(root, List.of());
    }
  }

  private Node.Folder folder(Directory directory, List<String> path) throws IOException {
    if (path.size() > DEPTH) {
      throw new WorkspaceException(
          "directories are nested deeper than %d below `%s`: that is not supported"
              .formatted(DEPTH, Raw.display(path.getFirst())));
    }
    var children = new TreeMap<String, Node>();
    for (String name : directory.names()) {
      if (++seen > ENTRIES) {
        throw new WorkspaceException(
            "more than %d changed paths: that is not supported".formatted(ENTRIES));
      }
      try {
        children.put(name, node(directory, name, append(path, name)));
      } catch (SystemError e) {
        // Deleted or replaced since it was listed: as good as never seen.
        if (e.errno() != SystemError.ENOENT
            && e.errno() != SystemError.ENOTDIR
            && e.errno() != SystemError.ELOOP
            && e.errno() != SystemError.EINVAL) {
          throw e;
        }
      }
    }
    return new Node.Folder(directory.stat(), !path.isEmpty() && directory.opaque(), children);
  }

  private Node node(Directory parent, String name, List<String> path) throws IOException {
    Stat stat = parent.stat(name);
    if (stat.isDirectory()) {
      try (Directory directory = parent.directory(name)) {
        return folder(directory, path);
      }
    }
    if (stat.isFile()) {
      return new Node.Regular(stat, () -> open(path));
    }
    if (stat.isLink()) {
      return new Node.Link(stat, parent.link(name));
    }
    return stat.isWhiteout() ? new Node.Whiteout(stat) : new Node.Special(stat);
  }

  /** Opens a file component by component, none of them a link. */
  private OpenFile open(List<String> path) throws IOException {
    Directory at = Directory.open(upper);
    try {
      for (String name : path.subList(0, path.size() - 1)) {
        Directory next = at.directory(name);
        at.close();
        at = next;
      }
      return at.file(path.getLast());
    } finally {
      at.close();
    }
  }

  private static List<String> append(List<String> path, String name) {
    var longer = new ArrayList<>(path);
    longer.add(name);
    return longer;
  }
}
