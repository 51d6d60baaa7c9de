package dev.holdfast.image.build;

import dev.holdfast.image.ImageException;
import dev.holdfast.image.unpack.FileTree;
import dev.holdfast.image.unpack.FileTree.Entry;
import dev.holdfast.workbench.AgentIds;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What an overlay's upper directory holds, as a layer. Nobody writes to it any more. */
final class ChangesLayer {
  /** The workbench's own: what is changed there is no part of the image. */
  static final Set<String> OWN = Set.of("dev", "proc", "run", "sys");

  private static final int DEEPEST = 200;

  private final FileTree changes;
  private final LayerTar tar;
  private final Map<Long, String> files = new HashMap<>();
  private int leftOut;

  ChangesLayer(FileTree changes, LayerTar tar) {
    this.changes = changes;
    this.tar = tar;
  }

  /** Writes everything, and returns how many devices, pipes and sockets were left out. */
  int write() throws IOException {
    directory("", 0);
    tar.end();
    return leftOut;
  }

  private void directory(String path, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new ImageException(
          "a step left directories more than %d levels deep".formatted(DEEPEST));
    }
    if (depth > 0 && changes.isOpaque(path)) {
      tar.cleared(path);
    }
    for (String name : changes.names(path)) {
      if (depth > 0 || !OWN.contains(name)) {
        String below = FileTree.below(path, name);
        entry(changes.find(below).orElseThrow(), depth);
      }
    }
  }

  private void entry(Entry entry, int depth) throws IOException {
    switch (entry.kind()) {
      case WHITEOUT -> tar.gone(entry.path());
      case OTHER -> leftOut++;
      case DIRECTORY -> {
        tar.directory(header(entry));
        directory(entry.path(), depth + 1);
      }
      case SYMLINK -> tar.symlink(header(entry), changes.target(entry));
      case FILE -> file(entry);
    }
  }

  private void file(Entry entry) throws IOException {
    String first = entry.names() > 1 ? files.putIfAbsent(entry.inode(), entry.path()) : null;
    if (first != null) {
      tar.hardLink(header(entry), first);
      return;
    }
    try (InputStream content = changes.read(entry)) {
      tar.file(header(entry), entry.size(), content);
    }
  }

  private static LayerTar.Header header(Entry entry) {
    return new LayerTar.Header(
        entry.path(),
        entry.mode(),
        inside(entry, entry.uid()),
        inside(entry, entry.gid()),
        entry.modified());
  }

  private static int inside(Entry entry, int host) {
    int id = host - AgentIds.FIRST;
    if (id < 0 || id >= AgentIds.COUNT) {
      throw new ImageException(
          "owner `%d` of `%s` is none of the image's"
              .formatted(host, FileTree.readable(entry.path())));
    }
    return id;
  }
}
