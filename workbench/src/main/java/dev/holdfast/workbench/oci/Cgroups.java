package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The control groups of workbenches. Each workbench has one group, {@code holdfast-ID}, directly
 * below the root of every hierarchy: one on cgroup v2, one per controller on v1, both on a hybrid.
 * The name follows from the workbench's id alone, so a reaper finds it without any record.
 */
final class Cgroups {
  private static final Path CGROUP_ROOT = Path.of("/sys/fs/cgroup");
  private static final String PREFIX = "holdfast-";
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** The limit on buffers of TCP connections. Version 2 counts them with all other memory. */
  static final String TCP_MEMORY = "memory.kmem.tcp.limit_in_bytes";

  /** One mounted hierarchy. */
  private record Hierarchy(Path mountPoint, boolean v2, List<String> options) {}

  /** Which of the kernel's interfaces the host uses. */
  enum Mode {
    V1,
    V2,
    HYBRID,
    NONE
  }

  private final List<Hierarchy> hierarchies;

  private Cgroups(List<Hierarchy> hierarchies) {
    this.hierarchies = List.copyOf(hierarchies);
  }

  /** What is mounted on this host. */
  static Cgroups ofHost() {
    try {
      return parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Reads the lines of a {@code mountinfo} file. */
  static Cgroups parse(List<String> mountinfo) {
    var found = new ArrayList<Hierarchy>();
    for (String line : mountinfo) {
      String[] halves = line.split(" - ", 2);
      String[] left = halves[0].split(" ", -1);
      String[] right = halves.length < 2 ? new String[0] : halves[1].split(" ", -1);
      if (left.length < 5 || right.length < 3 || !right[0].startsWith("cgroup")) {
        continue;
      }
      Path mountPoint = Path.of(left[4]);
      if (mountPoint.startsWith(CGROUP_ROOT)) {
        found.add(
            new Hierarchy(
                mountPoint, right[0].equals("cgroup2"), List.of(right[2].split(",", -1))));
      }
    }
    return new Cgroups(found);
  }

  Mode mode() {
    boolean v1 = hierarchies.stream().anyMatch(h -> !h.v2());
    boolean v2 = hierarchies.stream().anyMatch(Hierarchy::v2);
    if (v1) {
      return v2 ? Mode.HYBRID : Mode.V1;
    }
    return v2 ? Mode.V2 : Mode.NONE;
  }

  /** The v2 mount of a hybrid host, which some runtimes stumble over. */
  Optional<Path> hybridV2() {
    return mode() == Mode.HYBRID
        ? hierarchies.stream().filter(Hierarchy::v2).map(Hierarchy::mountPoint).findFirst()
        : Optional.empty();
  }

  /** Where the v1 hierarchy of a controller is mounted. */
  Optional<Path> v1(String controller) {
    return hierarchies.stream()
        .filter(h -> !h.v2() && h.options().contains(controller))
        .map(Hierarchy::mountPoint)
        .findFirst();
  }

  /** Whether what is in the buffers of TCP connections counts only under a limit of its own. */
  boolean limitsTcpMemory() {
    return v1("memory").map(root -> root.resolve(TCP_MEMORY)).filter(Files::exists).isPresent();
  }

  static String nameOf(WorkbenchId id) {
    return PREFIX + id;
  }

  /** The workbenches that have a group in some hierarchy, whoever made them. */
  Set<WorkbenchId> workbenches() throws IOException {
    var found = new LinkedHashSet<WorkbenchId>();
    for (Hierarchy h : hierarchies) {
      try (DirectoryStream<Path> groups =
          Files.newDirectoryStream(h.mountPoint(), PREFIX + "w-*")) {
        for (Path group : groups) {
          String name = group.getFileName().toString().substring(PREFIX.length());
          if (name.matches("w-[a-z0-9]{1,32}")) {
            found.add(new WorkbenchId(name));
          }
        }
      }
    }
    return found;
  }

  /** Every directory that the workbench's group can have, whether or not it exists. */
  List<Path> directories(WorkbenchId id) {
    return hierarchies.stream().map(h -> h.mountPoint().resolve(nameOf(id))).toList();
  }

  /** The processes in the workbench's group, as the host numbers them. */
  List<Long> processes(WorkbenchId id) {
    var pids = new TreeSet<Long>();
    for (Path directory : directories(id)) {
      try (Stream<String> lines = Files.lines(directory.resolve("cgroup.procs"))) {
        lines.map(Long::parseLong).filter(pid -> pid > 0).forEach(pids::add);
      } catch (IOException | java.io.UncheckedIOException gone) {
        // No such group in this hierarchy: nothing is in it.
      }
    }
    return List.copyOf(pids);
  }

  /** How many processes the kernel has killed for want of memory; 0 where it does not say. */
  long oomKills(WorkbenchId id) {
    for (Hierarchy h : hierarchies) {
      Path group = h.mountPoint().resolve(nameOf(id));
      long kills =
          h.v2()
              ? counter(group.resolve("memory.events"))
              : h.options().contains("memory") ? counter(group.resolve("memory.oom_control")) : 0;
      if (kills > 0) {
        return kills;
      }
    }
    return 0;
  }

  /** Whether the workbench's caps on memory and processes are really set, for at most this much. */
  boolean isCapped(WorkbenchId id, long memoryBytes, int pids) {
    return atMost(id, "memory", List.of("memory.max", "memory.limit_in_bytes"), memoryBytes)
        && atMost(id, "pids", List.of("pids.max"), pids);
  }

  /** Whether every device opens, where version 1 keeps a list of those that do. */
  boolean opensEveryDevice(WorkbenchId id) {
    return v1("devices")
        .map(root -> root.resolve(nameOf(id)).resolve("devices.list"))
        .map(
            list -> {
              try {
                return Files.readString(list).startsWith("a");
              } catch (IOException unknown) {
                return true;
              }
            })
        .orElse(false);
  }

  private boolean atMost(WorkbenchId id, String controller, List<String> files, long most) {
    return hierarchies.stream()
        .filter(h -> h.v2() || h.options().contains(controller))
        .flatMap(h -> files.stream().map(h.mountPoint().resolve(nameOf(id))::resolve))
        .anyMatch(file -> isAtMost(file, most));
  }

  private static boolean isAtMost(Path file, long most) {
    try {
      String value = Files.readString(file).strip();
      return !value.equals("max") && Long.parseLong(value) <= most;
    } catch (IOException none) {
      return false;
    }
  }

  private static long counter(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("oom_kill "))
          .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length()).strip()))
          .findFirst()
          .orElse(0);
    } catch (IOException | java.io.UncheckedIOException gone) {
      return 0;
    }
  }

  /**
   * Kills whatever is in the workbench's group and removes the group.
   *
   * @throws IOException when a process does not die or a group does not go within the limit
   */
  void end(WorkbenchId id) throws IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    // Whoever is in any group of the workbench was born in its v2 group, where there is one; the
    // loop below kills one by one whoever keeps a group busy all the same.
    if (!killInV2(id)) {
      kill(id);
    }
    thaw(id);
    for (Path directory : directories(id)) {
      for (int attempt = 0; !remove(directory); attempt++) {
        if (System.nanoTime() > deadline) {
          throw new IOException(
              "control group `%s` is still in use after %s".formatted(directory, LIMIT));
        }
        if (attempt % 20 == 19) {
          kill(id);
          thaw(id);
        }
        LockSupport.parkNanos(attempt < 20 ? 100_000 : 2_000_000);
      }
    }
  }

  /**
   * Holds every process of the workbench still, or lets them go on.
   *
   * @throws IOException when the kernel has no way to, or does not get there in time
   */
  void hold(WorkbenchId id, boolean still) throws IOException {
    Path group = v1("freezer").map(root -> root.resolve(nameOf(id))).orElse(Path.of("/"));
    if (Files.exists(group.resolve("freezer.state"))) {
      freeze(group.resolve("freezer.state"), still ? "FROZEN" : "THAWED");
      return;
    }
    for (Path directory : directories(id)) {
      if (Files.exists(directory.resolve("cgroup.freeze"))) {
        Files.writeString(directory.resolve("cgroup.freeze"), still ? "1" : "0");
        await(directory.resolve("cgroup.events"), still ? "frozen 1" : "frozen 0");
        return;
      }
    }
    throw new IOException("this host has no control group that can hold processes still");
  }

  private static void freeze(Path state, String wanted) throws IOException {
    Files.writeString(state, wanted);
    await(state, wanted);
  }

  private static void await(Path file, String words) throws IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (Files.readAllLines(file).stream().noneMatch(words::equals)) {
      if (System.nanoTime() > deadline) {
        throw new IOException("`%s` did not become `%s` within %s".formatted(file, words, LIMIT));
      }
      LockSupport.parkNanos(200_000);
    }
  }

  /** In version 1 whoever is held still does not even die. */
  private void thaw(WorkbenchId id) {
    v1("freezer")
        .map(root -> root.resolve(nameOf(id)).resolve("freezer.state"))
        .filter(Files::exists)
        .ifPresent(
            state -> {
              try {
                Files.writeString(state, "THAWED");
              } catch (IOException gone) {
                // So nobody is in it any more.
              }
            });
  }

  /** False when there is no such group, or the kernel knows no such order. */
  private boolean killInV2(WorkbenchId id) {
    boolean done = false;
    for (Hierarchy h : hierarchies) {
      if (h.v2()) {
        Path order = h.mountPoint().resolve(nameOf(id)).resolve("cgroup.kill");
        try {
          Files.writeString(order, "1", StandardOpenOption.WRITE);
          done = true;
        } catch (IOException gone) {
          // The group went away: nothing is left to kill.
        }
      }
    }
    return done;
  }

  /** SIGKILL to every member; on v2 the kernel does it, children being born included. */
  void kill(WorkbenchId id) {
    killInV2(id);
    for (long pid : processes(id)) {
      PidFd.kill(pid, p -> isMember(p, id));
    }
  }

  /** Whether the process is in the workbench's group in any hierarchy. */
  static boolean isMember(long pid, WorkbenchId id) {
    String group = "/" + nameOf(id);
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/cgroup"))) {
      return lines.anyMatch(line -> line.endsWith(group) || line.contains(group + "/"));
    } catch (IOException | java.io.UncheckedIOException gone) {
      return false;
    }
  }

  /** Removes a group and those below it; false when it is in use. */
  private static boolean remove(Path directory) throws IOException {
    try {
      Files.delete(directory);
      return true;
    } catch (NoSuchFileException gone) {
      return true;
    } catch (FileSystemException busy) {
      return removeBelow(directory);
    }
  }

  private static boolean removeBelow(Path directory) throws IOException {
    try (DirectoryStream<Path> below = Files.newDirectoryStream(directory, Files::isDirectory)) {
      for (Path child : below) {
        remove(child);
      }
    } catch (NoSuchFileException gone) {
      return true;
    }
    return false;
  }
}
