package dev.holdfast.workbench.microvm;

import dev.holdfast.digest.Sha256;
import java.io.IOException;
import java.nio.file.Files;
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

  /** Tells it apart from one that was made of the same parts at another time. */
  String mark() throws IOException {
    return "%s %s".formatted(directory.getFileName(), Sha256.hex(Files.readAllBytes(state())));
  }
}
