package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Control groups that peers leave behind. */
final class Groups {
  private Groups() {}

  /** Removes an empty group and the empty ones below it; fine when there is none. */
  static void remove(Path group) throws IOException {
    if (!Files.isDirectory(group)) {
      return;
    }
    try (var below = Files.newDirectoryStream(group, Files::isDirectory)) {
      for (var child : below) {
        remove(child);
      }
    }
    Files.deleteIfExists(group);
  }
}
