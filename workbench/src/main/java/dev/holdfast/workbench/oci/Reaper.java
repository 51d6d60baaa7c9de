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
import java.util.stream.Stream;

/** Removes what workbenches of a Holdfast that was killed have left behind. */
public final class Reaper {
  private final List<Layout> layouts;
  private final Cgroups cgroups = Cgroups.ofHost();

  private Reaper(List<Layout> layouts) {
    this.layouts = List.copyOf(layouts);
  }

  /** The reaper of a state directory. */
  public static Reaper of(Path home) {
    return new Reaper(Layout.allIn(home));
  }

  /** The directories that hold what live workbenches need; some may not exist. */
  public List<Path> places() {
    return layouts.stream().flatMap(l -> Stream.of(l.leases(), l.run())).toList();
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
    for (Layout layout : layouts) {
      reapDead(layout, ended, failed);
    }
    sweep(ended, failed);
    tidy();
    return new Report(ended, failed);
  }

  private void sweep(List<String> ended, List<String> failed) {
    try {
      var claimed = new TreeSet<String>();
      for (Layout layout : layouts) {
        if (Files.isDirectory(layout.leases())) {
          claimed.addAll(new LeaseStore(layout.leases()).names());
        }
      }
      ended.addAll(new OrphanedGroups(cgroups).sweep(claimed));
    } catch (IOException e) {
      failed.add("abandoned control groups could not be removed: " + e.getMessage());
    }
  }

  /** Empty places go, whosever they were: who claims a workbench makes his again. */
  private void tidy() {
    try {
      for (Path live : LivePlace.ofEveryHome()) {
        Layout.removeIfEmpty(live);
      }
    } catch (IOException stays) {
      System.getLogger(Reaper.class.getName())
          .log(System.Logger.Level.DEBUG, "an empty directory stays: {0}", stays.getMessage());
    }
  }

  private void reapDead(Layout layout, List<String> ended, List<String> failed) {
    var leases = new LeaseStore(layout.leases());
    for (String name : candidates(layout, leases)) {
      try {
        Optional<Lease> lease = leases.read(name);
        if (isDead(lease)) {
          new Teardown(layout, lease.map(Reaper::groups).orElse(cgroups))
              .end(new WorkbenchId(name));
          leases.remove(name);
          ended.add(name);
        }
      } catch (IOException e) {
        failed.add("workbench `%s` could not be removed: %s".formatted(name, e.getMessage()));
      }
    }
  }

  /** The directories first: one that has no lease afterwards never gets one. */
  private static Iterable<String> candidates(Layout layout, LeaseStore leases) {
    var names = new TreeSet<String>();
    try {
      if (!Files.isDirectory(layout.leases())) {
        return names;
      }
      try (DirectoryStream<Path> below = Files.newDirectoryStream(layout.run(), "w-*")) {
        below.forEach(path -> names.add(path.getFileName().toString()));
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
  private static boolean isDead(Optional<Lease> lease) {
    return lease.isEmpty() || !Processes.isAlive(lease.get().owner());
  }

  /** Where the owner had its groups: an ordinary user's may be others each time. */
  private static Cgroups groups(Lease lease) {
    return Cgroups.where(
        lease.resources().stream()
            .filter(resource -> resource.kind() == Lease.Kind.CGROUP)
            .map(resource -> Path.of(resource.name()))
            .toList());
  }
}
