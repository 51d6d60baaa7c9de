package dev.holdfast.image.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** A directory as it was written by a stranger: its links are not followed. */
record DirectoryParts(Path directory) implements Parts {
  @Override
  public Optional<InputStream> open(String name) throws IOException {
    Path file = directory.resolve(name);
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS))
        : Optional.empty();
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
