package dev.holdfast.image.store;

import dev.holdfast.image.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Says that this process uses an image's tree, for as long as it lives or until it is closed: an
 * empty file whose name says who. What a dead process said does not count.
 */
final class Use implements AutoCloseable {
  private static final AtomicLong NUMBER = new AtomicLong();

  private final Path file;

  private Use(Path file) {
    this.file = file;
  }

  static Use of(StoreLayout layout, Digest image) throws IOException {
    long pid = ProcessHandle.current().pid();
    String name = "%s.%d.%d.%d".formatted(image.hex(), pid, startOf(pid), NUMBER.incrementAndGet());
    return new Use(Files.createFile(layout.uses().resolve(name)));
  }

  /** The images that living processes use; what dead ones left is removed. */
  static Set<Digest> living(StoreLayout layout) throws IOException {
    var used = new HashSet<Digest>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(layout.uses(), "*.*.*.*")) {
      for (Path file : files) {
        String[] parts = file.getFileName().toString().split("\\.", -1);
        if (startOf(Long.parseLong(parts[1])) == Long.parseLong(parts[2])) {
          used.add(new Digest(parts[0]));
        } else {
          Files.deleteIfExists(file);
        }
      }
    }
    return used;
  }

  /** When a process started, in ticks since boot; -1 when there is none. */
  private static long startOf(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[19]);
    } catch (IOException | IndexOutOfBoundsException gone) {
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
