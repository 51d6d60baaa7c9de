package dev.holdfast.workbench.oci;

import dev.holdfast.lease.Lease;
import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Removes what workbenches of a Holdfast that was killed have left behind. */
public final class Reaper {
  private final Layout layout;
  private final LeaseStore leases;
  private final Teardown teardown;
  private final OrphanedGroups orphans;

  private Reaper(Layout layout) {
    this.layout = layout;
    this.leases = new LeaseStore(layout.leases());
    Cgroups cgroups = Cgroups.ofHost();
    this.teardown = new Teardown(layout, cgroups);
    this.orphans = new OrphanedGroups(cgroups);
  }

  /** The reaper of a state directory. */
  public static Reaper of(Path home) {
    return new Reaper(Layout.in(home));
  }

  /** What a pass did: the workbenches that are gone now, and those that would not go, with why. */
  public record Report(List<String> ended, List<String> failed) {
    public Report {
      ended = List.copyOf(ended);
      failed = List.copyOf(failed);
    }
  }

  /**
   * Ends every workbench whose owner is dead: processes, control groups, directories, sockets.
   * Workbenches of living processes are not touched. Control groups that no lease tells of go too,
   * when nobody is in them. Safe to run in several processes at once.
   */
  public Report reapDead() {
    var ended = new ArrayList<String>();
    var failed = new ArrayList<String>();
    for (String name : candidates()) {
      try {
        if (isDead(name)) {
          teardown.end(new WorkbenchId(name));
          leases.remove(name);
          ended.add(name);
        }
      } catch (IOException e) {
        failed.add("workbench `%s` could not be removed: %s".formatted(name, e.getMessage()));
      }
    }
    try {
      ended.addAll(orphans.sweep(leases.names()));
    } catch (IOException e) {
      failed.add("abandoned control groups could not be removed: " + e.getMessage());
    }
    return new Report(ended, failed);
  }

  /** The directories first: one that has no lease afterwards never gets one. */
  private Iterable<String> candidates() {
    var names = new TreeSet<String>();
    try {
      for (Path parent : List.of(layout.run(), layout.runtimes())) {
        try (DirectoryStream<Path> below = Files.newDirectoryStream(parent, "w-*")) {
          below.forEach(path -> names.add(path.getFileName().toString()));
        }
      }
      names.addAll(leases.names());
      leases.removeDrafts();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    names.removeIf(name -> !name.matches("w-[a-z0-9]{1,32}"));
    return names;
  }

  /** A torn or missing lease has no living owner: leases are written whole, before all else. */
  private boolean isDead(String name) throws IOException {
    Optional<Lease> lease = leases.read(name);
    return lease.isEmpty() || !Processes.isAlive(lease.get().owner());
  }
}
