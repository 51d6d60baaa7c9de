package dev.holdfast.bench;

import dev.holdfast.files.HostFiles;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * What a row measures with.
 *
 * @param home the state directory: temporary files go below it, on the disk that is used in earnest
 * @param wanted the number of rounds asked for
 * @param progress where to tell what is going on
 */
record Setting(Path home, OptionalInt wanted, Ends ends, PrintStream progress) {
  int rounds(int byDefault) {
    return wanted.orElse(byDefault);
  }

  /** A directory that is gone at the end. */
  Path temporary(String name) throws IOException {
    var parent = Files.createDirectories(home.resolve("bench"));
    var directory = Files.createTempDirectory(parent, name + "-");
    ends.add("directory " + directory, () -> HostFiles.delete(directory));
    return directory;
  }

  /** A directory that stays for the next time. */
  Path cache() throws IOException {
    return Files.createDirectories(home.resolve("bench").resolve("cache"));
  }
}
