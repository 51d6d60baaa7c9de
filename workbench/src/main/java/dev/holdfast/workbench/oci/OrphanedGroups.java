package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Control groups that no lease tells of, because the state directory of whoever made them is gone.
 * Whose they were is unknown; so only those go in which there is nobody, in any hierarchy, and
 * which are too old to belong to a workbench that is being made.
 */
final class OrphanedGroups {
  /** A start that takes longer has been given up long before. */
  static final Duration YOUNG = Duration.ofMinutes(1);

  private final Cgroups cgroups;

  OrphanedGroups(Cgroups cgroups) {
    this.cgroups = cgroups;
  }

  /** Removes them, except the {@code claimed}, and returns whose they were. */
  List<String> sweep(Collection<String> claimed) throws IOException {
    var removed = new ArrayList<String>();
    Instant before = Instant.now().minus(YOUNG);
    for (WorkbenchId id : cgroups.workbenches()) {
      if (!claimed.contains(id.value()) && isAbandoned(id, before) && remove(id)) {
        removed.add(id.value());
      }
    }
    return removed;
  }

  private boolean isAbandoned(WorkbenchId id, Instant before) {
    return cgroups.directories(id).stream()
        .filter(Files::isDirectory)
        .allMatch(group -> isEmpty(group) && isOlder(group, before));
  }

  /** Processes of other pid namespaces show as 0 there: any line counts. */
  private static boolean isEmpty(Path group) {
    try {
      return Files.readString(group.resolve("cgroup.procs")).isBlank();
    } catch (IOException unknown) {
      return false;
    }
  }

  private static boolean isOlder(Path group, Instant before) {
    try {
      return Files.getLastModifiedTime(group).toInstant().isBefore(before);
    } catch (IOException unknown) {
      return false;
    }
  }

  /** The kernel refuses to remove a group that somebody has entered meanwhile. */
  private boolean remove(WorkbenchId id) {
    boolean removed = false;
    for (Path group : cgroups.directories(id)) {
      try {
        removed |= Files.deleteIfExists(group);
      } catch (IOException inUse) {
        return false;
      }
    }
    return removed;
  }
}
