package dev.holdfast.e2e.functional;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What workbenches and workspaces could leave on the host. */
final class Leftovers {
  private static final int DEEPEST_CGROUP = 4;

  private Leftovers() {}

  /** Mounts below {@code state}, and cgroups and processes of workbenches, that are there now. */
  static List<String> find(Path state) throws IOException {
    var found = new ArrayList<String>();
    try (var mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
      mounts.filter(line -> line.contains(" " + state + "/")).forEach(found::add);
    }
    try (var groups =
        Files.find(Path.of("/sys/fs/cgroup"), DEEPEST_CGROUP, (path, _) -> isOurs(path))) {
      groups.map(Path::toString).forEach(found::add);
    }
    try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
      processes
          .map(process -> process.info().commandLine().orElse(""))
          .filter(command -> command.contains("--connect /run/holdfast/channel"))
          .forEach(found::add);
    }
    return found;
  }

  /**
   * Of the workbenches that servers of a state directory say they made: mounts below {@code home},
   * and cgroups, in one of which every process of a workbench is. Others may make some meanwhile.
   */
  static List<String> ofServers(Path home) throws IOException {
    var found = new ArrayList<String>();
    try (var mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
      mounts.filter(line -> line.contains(" " + home + "/")).forEach(found::add);
    }
    var made = Pattern.compile("made workbench (w-[a-z0-9]+)");
    for (var match :
        made.matcher(Files.readString(home.resolve("server/log"))).results().toList()) {
      for (var hierarchy : List.of("", "memory", "pids", "freezer", "cpu", "unified")) {
        var group = Path.of("/sys/fs/cgroup", hierarchy, "holdfast-" + match.group(1));
        if (Files.exists(group)) {
          found.add(group.toString());
        }
      }
    }
    return found;
  }

  private static boolean isOurs(Path cgroup) {
    return cgroup.getFileName().toString().matches("holdfast-w-[a-z0-9]{10}");
  }
}
