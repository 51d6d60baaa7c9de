package dev.holdfast.workbench.docker;

import dev.holdfast.lease.Owner;
import dev.holdfast.workbench.WorkbenchId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lease of a container is on the container itself: so it is there from the first moment on, and
 * gone with it.
 */
final class Labels {
  static final String WORKBENCH = "dev.holdfast.workbench";
  static final String HOME = "dev.holdfast.home";
  private static final String OWNER = "dev.holdfast.owner";

  private Labels() {}

  static Map<String, String> of(WorkbenchId id, Path home, Owner owner) {
    return Map.of(WORKBENCH, id.value(), HOME, home.toString(), OWNER, words(owner));
  }

  /** An owner in one line. */
  static String words(Owner owner) {
    return "%d %d %s %s"
        .formatted(owner.pid(), owner.startTicks(), owner.bootId(), owner.pidNamespace());
  }

  /** Who made the container; empty when it does not say so as we do. */
  static Optional<Owner> owner(Map<String, String> labels) {
    return owner(labels.getOrDefault(OWNER, ""));
  }

  /** What {@link #words} wrote; empty for anything else. */
  static Optional<Owner> owner(String line) {
    List<String> words = List.of(line.split(" ", -1));
    try {
      return words.size() == 4
          ? Optional.of(
              new Owner(
                  Long.parseLong(words.get(0)),
                  Long.parseLong(words.get(1)),
                  words.get(2),
                  words.get(3)))
          : Optional.empty();
    } catch (NumberFormatException notOurs) {
      return Optional.empty();
    }
  }
}
