package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * An image as the system of a workbench. Its top-level entries appear one by one in a root that is
 * the workbench's own: so no image decides what {@code /proc} or {@code /run} is, and what is
 * mounted there cannot be led astray by one of its links.
 */
final class ImageTree {
  /** What the workbench makes itself. */
  private static final Set<String> OWN = Set.of("dev", "proc", "run", "sys", "tmp", "workspace");

  /** More would not be an image's root; each costs a mount. */
  private static final int MOST_ENTRIES = 100;

  private ImageTree() {}

  static void layOut(LaunchPlan plan, Path tree) throws IOException {
    for (Path entry : entries(tree)) {
      String target = "/" + entry.getFileName();
      if (Files.isSymbolicLink(entry)) {
        plan.link(target, Files.readSymbolicLink(entry).toString());
      } else if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        plan.bindDirectory(entry, target, "rsd");
      } else if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
        plan.bindFile(entry, target, "rsd");
      }
    }
  }

  static Set<Path> entries(Path tree) throws IOException {
    var entries = new TreeSet<Path>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(tree)) {
      for (Path entry : all) {
        if (!OWN.contains(entry.getFileName().toString())) {
          entries.add(entry);
        }
        if (entries.size() > MOST_ENTRIES) {
          throw new WorkbenchException(
              "the image's root has more than %d entries".formatted(MOST_ENTRIES));
        }
      }
    }
    return entries;
  }
}
