package dev.holdfast.scorecard;

import dev.holdfast.files.HostFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings of the host that attacks would change.
 *
 * @param files what the kernel's settings are, and who owns what
 * @param clockMillis how far the wall clock is ahead of the one that nobody can set
 */
record HostState(Map<String, String> files, long clockMillis) {
  private static final List<String> SETTINGS =
      List.of(
          "/proc/sys/kernel/core_pattern",
          "/proc/sys/kernel/modprobe",
          "/proc/sys/kernel/hostname",
          "/proc/sys/kernel/domainname",
          "/proc/sys/kernel/sysrq",
          "/proc/sys/kernel/randomize_va_space",
          "/proc/sys/vm/overcommit_memory",
          "/proc/sys/fs/file-max",
          "/proc/sys/user/max_user_namespaces",
          "/proc/irq/default_smp_affinity",
          "/proc/swaps");

  private static final long CLOCK_TOLERANCE = Duration.ofSeconds(30).toMillis();

  HostState {
    files = Map.copyOf(files);
  }

  static HostState now() {
    var files = new TreeMap<String, String>();
    try {
      for (String setting : SETTINGS) {
        if (Files.exists(Path.of(setting))) {
          files.put(setting, HostFiles.ofKernel(Path.of(setting)));
        }
      }
      for (String device : List.of("/dev/null", "/dev/zero", "/dev/urandom")) {
        files.put(device, Files.readAttributes(Path.of(device), "unix:uid,gid,mode").toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new HostState(files, System.currentTimeMillis() - System.nanoTime() / 1_000_000);
  }

  /** What is different there, a line for each; empty when nothing is. */
  List<String> changesTo(HostState later) {
    var changes = new ArrayList<String>();
    files.forEach(
        (name, value) -> {
          if (!value.equals(later.files.get(name))) {
            changes.add("the host's %s changed to `%s`".formatted(name, later.files.get(name)));
          }
        });
    if (Math.abs(later.clockMillis - clockMillis) > CLOCK_TOLERANCE) {
      changes.add("the host's clock was set");
    }
    return changes;
  }
}
