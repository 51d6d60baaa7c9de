package dev.holdfast.workbench.docker;

import dev.holdfast.workbench.WorkbenchSpec;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * One container that shall be made.
 *
 * @param image the name of the image that it starts from
 * @param entries what its root has at the top, as paths of the host
 */
record Order(
    WorkbenchSpec spec,
    Identity identity,
    String image,
    Set<Path> entries,
    Map<String, String> labels) {
  static final String NAMES = "holdfast-";

  Order {
    entries = Set.copyOf(entries);
    labels = Map.copyOf(labels);
  }

  /** What the daemon calls the container. */
  String name() {
    return NAMES + spec.id();
  }
}
