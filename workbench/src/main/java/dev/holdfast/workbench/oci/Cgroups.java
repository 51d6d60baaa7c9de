package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.AgentIds;
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
 * The control groups of workbenches. Each workbench has one group, {@code holdfast-ID}, in every
 * hierarchy: one on cgroup v2, one per controller on v1, both on a hybrid. For root it lies
 * directly below the hierarchy's root, so that a reaper finds it by its name alone. For an ordinary
 * user it lies below the group that this process is in, where that group is the user's.
 */
final class Cgroups {
  private static final Path CGROUP_ROOT = Path.of("/sys/fs/cgroup");
  private static final String PREFIX = "holdfast-";
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** The limit on buffers of TCP connections. Version 2 counts them with all other memory. */
  static final String TCP_MEMORY = "memory.kmem.tcp.limit_in_bytes";

  /**
   * One mounted hierarchy.
   *
   * @param shown which of the hierarchy's groups is seen at the mount point
   * @param base the group that those of workbenches are made in
   */
  private record Hierarchy(
      Path mountPoint, Path shown, Path base, boolean v2, List<String> options) {
    Hierarchy at(Path group) {
      return new Hierarchy(mountPoint, shown, group, v2, options);
    }
  }

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

  /** What is mounted on this host and is ours to use. */
  static Cgroups ofHost() {
    return AgentIds.ROOTLESS ? ofUser() : mounted();
  }

  /** What an ordinary user may use: below the groups that this process is in. */
  static Cgroups ofUser() {
    try {
      return mounted().below(Files.readAllLines(Path.of("/proc/self/cgroup"))).writable();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Cgroups mounted() {
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
        List<String> options = List.of(right[2].split(",", -1));
        found.add(
            new Hierarchy(
                mountPoint, Path.of(left[3]), mountPoint, right[0].equals("cgroup2"), options));
      }
    }
    return new Cgroups(found);
  }

  /**
   * The same hierarchies, with workbenches below the groups of one process.
   *
   * @param membership the lines of its {@code cgroup} file, such as {@code 4:memory:/a/b}
   */
  Cgroups below(List<String> membership) {
    var found = new ArrayList<Hierarchy>();
    for (Hierarchy h : hierarchies) {
      membership.stream()
          .map(line -> line.split(":", 3))
          .filter(parts -> parts.length == 3 && isOf(h, parts[1]))
          .map(parts -> Path.of(parts[2]))
          .filter(group -> group.startsWith(h.shown()))
          .findFirst()
          .map(group -> h.mountPoint().resolve(h.shown().relativize(withoutLeaf(group))))
          .ifPresent(base -> found.add(h.at(base)));
    }
    return new Cgroups(found);
  }

  private static boolean isOf(Hierarchy h, String controllers) {
    return h.v2()
        ? controllers.isEmpty()
        : List.of(controllers.split(",", -1)).stream().anyMatch(h.options()::contains);
  }

  private static Path withoutLeaf(Path group) {
    return group.endsWith(OwnGroup.LEAF) ? parent(group) : group;
  }

  private static Path parent(Path group) {
    return group.resolve("..").normalize();
  }

  /** Those in which this process may make groups and move processes to them. */
  private Cgroups writable() {
    return new Cgroups(
        hierarchies.stream()
            .filter(h -> Files.isWritable(h.base()))
            .filter(h -> Files.isWritable(h.base().resolve("cgroup.procs")))
            .toList());
  }

  /**
   * The hierarchies as somebody used them who made a workbench's groups.
   *
   * @param groups the groups that he claimed
   */
  static Cgroups where(List<Path> groups) {
    var found = new ArrayList<Hierarchy>();
    for (Hierarchy h : mounted().hierarchies) {
      found.add(
          groups.stream()
              .filter(group -> group.startsWith(h.mountPoint()))
              .findFirst()
              .map(group -> h.at(parent(group)))
              .orElse(h));
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

  /** Where workbenches have their groups in the v1 hierarchy of a controller. */
  Optional<Path> v1(String controller) {
    return hierarchies.stream()
        .filter(h -> !h.v2() && h.options().contains(controller))
        .map(Hierarchy::base)
        .findFirst();
  }

  /** The same in the v2 hierarchy. */
  Optional<Path> v2() {
    return hierarchies.stream().filter(Hierarchy::v2).map(Hierarchy::base).findFirst();
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
      try (DirectoryStream<Path> groups = Files.newDirectoryStream(h.base(), PREFIX + "w-*")) {
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
    return hierarchies.stream().map(h -> h.base().resolve(nameOf(id))).toList();
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
      Path group = h.base().resolve(nameOf(id));
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
        .filter(_ -> !AgentIds.ROOTLESS)
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
        .flatMap(h -> files.stream().map(h.base().resolve(nameOf(id))::resolve))
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
        Path order = h.base().resolve(nameOf(id)).resolve("cgroup.kill");
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
