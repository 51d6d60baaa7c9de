package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The monitors that run on this host, told apart by their control groups. */
final class Monitors {
  private Monitors() {}

  static boolean isOf(long pid, WorkbenchId id) {
    return isOf(pid, id, "qemu");
  }

  private static boolean isOf(long pid, WorkbenchId id, String name) {
    try {
      Path process = Path.of("/proc", Long.toString(pid));
      return Files.readString(process.resolve("comm")).startsWith(name)
          && Files.readString(process.resolve("cgroup")).contains("holdfast-" + id);
    } catch (IOException gone) {
      return false;
    }
  }

  /** Those of a workbench's processes on the host whose name starts so. */
  static List<ProcessHandle> processesOf(WorkbenchId id, String name) {
    return ProcessHandle.allProcesses().filter(p -> isOf(p.pid(), id, name)).toList();
  }

  /** Waits until none runs in a group of these workbenches; false when one stays. */
  static boolean areGone(Iterable<String> names) throws InterruptedException {
    for (String name : names) {
      var id = new WorkbenchId(name);
      long deadline = System.nanoTime() + 20_000_000_000L;
      // A killed one takes a moment to give its memory back, and is seen until then.
      while (ProcessHandle.allProcesses().anyMatch(p -> isOf(p.pid(), id))) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        Thread.sleep(20);
      }
    }
    return true;
  }
}
