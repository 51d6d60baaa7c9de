package dev.holdfast.workspace.overlay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;

/** Removes directory trees, never through a link and never below a mount. */
final class Trees {

  private Trees() {}

  static void delete(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    String name = Raw.of(path.getFileName().toString());
    try (Directory parent = Directory.open(Objects.requireNonNull(path.getParent()))) {
      delete(parent, name);
    }
  }

  static void delete(Directory parent, String name) throws IOException {
    if (!parent.stat(name).isDirectory()) {
      parent.remove(name);
      return;
    }
    try (Directory directory = parent.directory(name)) {
      empty(directory);
    }
    parent.removeDirectory(name);
  }

  static void empty(Directory directory) throws IOException {
    for (String child : directory.names()) {
      delete(directory, child);
    }
  }
}
