package dev.holdfast.workbench.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What this process may do on the host. */
final class Privilege {
  private Privilege() {}

  static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      return false;
    }
  }

  /** Why no user namespace can be made; empty when one can. */
  static Optional<String> userNamespaceProblem() {
    if (!Files.exists(Path.of("/proc/self/ns/user"))) {
      return Optional.of("this kernel was built without user namespaces");
    }
    if (number("/proc/sys/user/max_user_namespaces").orElse(1L) == 0) {
      return Optional.of("`user.max_user_namespaces` is `0`");
    }
    return Optional.empty();
  }

  /** What stands between an ordinary user and workbenches on this host. */
  static String explainRootless() {
    var missing = new ArrayList<String>();
    if (number("/proc/sys/kernel/unprivileged_userns_clone").orElse(1L) == 0) {
      missing.add("`kernel.unprivileged_userns_clone` is `0`");
    }
    if (number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns").orElse(0L) == 1) {
      missing.add("`kernel.apparmor_restrict_unprivileged_userns` is `1`");
    }
    String user = System.getProperty("user.name");
    for (String file : List.of("/etc/subuid", "/etc/subgid")) {
      if (!hasRange(Path.of(file), user)) {
        missing.add("`%s` gives `%s` no ids".formatted(file, user));
      }
    }
    if (Cgroups.ofHost().mode() != Cgroups.Mode.V2) {
      missing.add("limits without root need cgroup v2 with a delegated group");
    }
    return "not root: workbenches need root on this host"
        + (missing.isEmpty() ? "" : "; also " + String.join("; ", missing));
  }

  private static boolean hasRange(Path file, String user) {
    try {
      return Files.readAllLines(file).stream().anyMatch(line -> line.startsWith(user + ":"));
    } catch (IOException none) {
      return false;
    }
  }

  private static Optional<Long> number(String file) {
    try {
      return Optional.of(Long.parseLong(Files.readString(Path.of(file)).strip()));
    } catch (IOException | NumberFormatException none) {
      return Optional.empty();
    }
  }
}
