package dev.holdfast.workbench.microvm;

import java.nio.file.Path;

/**
 * A snapshot that machines of one kind continue from.
 *
 * @param directory holds {@code ram} and {@code state}, which nobody changes any more
 */
record Template(Path directory) {
  Path ram() {
    return directory.resolve("ram");
  }

  Path state() {
    return directory.resolve("state");
  }
}
