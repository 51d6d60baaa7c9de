package dev.holdfast.workbench.docker;

import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.oci.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which parts of the host are the system of a workbench, always read-only. */
final class HostFiles {
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  private HostFiles() {}

  /** What the root has at its top, beside {@code /etc}. */
  static Set<Path> entries(Root root) throws IOException {
    var entries = new TreeSet<Path>();
    switch (root) {
      case Root.Host _ -> {
        entries.add(Path.of("/usr"));
        Recipe.systemParts().stream()
            .filter(part -> Files.exists(part, LinkOption.NOFOLLOW_LINKS))
            .forEach(entries::add);
      }
      case Root.Image image -> entries.addAll(Recipe.entries(image.tree()));
      case Root.Draft _ ->
          throw new WorkbenchException("images are made on the layer `container` only");
    }
    entries.removeIf(entry -> entry.getFileName().toString().equals("etc"));
    return entries;
  }

  /**
   * The entries that are mounted, each with what is mounted below it: daemons make the mount that
   * they are told of read-only, but not always those below.
   *
   * @return paths of the host that appear under {@code /} and their path relative to {@code base}
   */
  static List<Path> mounted(Set<Path> entries) throws IOException {
    var mounted = new ArrayList<Path>();
    for (Path entry : entries) {
      if (Files.isSymbolicLink(entry)) {
        continue;
      }
      mounted.add(entry);
      mounted.addAll(below(entry));
    }
    return mounted;
  }

  private static List<Path> below(Path directory) throws IOException {
    try (Stream<String> lines = Files.lines(MOUNTS)) {
      return lines
          .map(line -> Path.of(line.split(" ", -1)[4].replace("\\040", " ")))
          .filter(mount -> mount.startsWith(directory) && !mount.equals(directory))
          .distinct()
          .sorted()
          .toList();
    }
  }
}
