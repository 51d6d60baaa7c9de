package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What this process may do on the host. */
final class Privilege {
  private Privilege() {}

  /** Of the host, or of the user namespace that the launcher made. */
  static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      return false;
    }
  }

  /** Why workbenches cannot be made and limited; empty when they can. */
  static Optional<String> problem() {
    return isRoot() && (!Rootless.isActive() || Rootless.problems().isEmpty())
        ? Optional.empty()
        : Optional.of(Rootless.explain());
  }

  /**
   * Makes sure that workbenches can be made and limited.
   *
   * @throws WorkbenchException when they cannot, with what to do
   */
  static void require() {
    problem()
        .ifPresent(
            problem -> {
              throw new WorkbenchException(problem);
            });
    if (Rootless.isActive()) {
      try {
        new OwnGroup(Cgroups.ofHost()).prepare();
      } catch (IOException e) {
        throw new WorkbenchException("no limits can be set: " + e.getMessage(), e);
      }
    }
  }

  /** Why no user namespace can be made; empty when one can. */
  static Optional<String> userNamespaceProblem() {
    if (!Files.exists(Path.of("/proc/self/ns/user"))) {
      return Optional.of("this kernel was built without user namespaces");
    }
    try {
      return Files.readString(Path.of("/proc/sys/user/max_user_namespaces")).strip().equals("0")
          ? Optional.of("`user.max_user_namespaces` is `0`")
          : Optional.empty();
    } catch (IOException noSuchLimit) {
      return Optional.empty();
    }
  }
}
