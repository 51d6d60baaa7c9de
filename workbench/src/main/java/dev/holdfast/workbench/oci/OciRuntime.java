package dev.holdfast.workbench.oci;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A way to start containers on this host.
 *
 * @param name what people call it
 * @param binary the runtime's program
 * @param hides a mount that must be hidden from the runtime for it to work
 * @param groups who makes the control groups
 * @param filter the workbench's seccomp filter as the runtime itself compiled it, in base64; empty
 *     when it compiles the list anew for every workbench
 */
record OciRuntime(
    String name, Path binary, Optional<Path> hides, Groups groups, Optional<String> filter) {
  private static final String FILTER = "run.oci.seccomp_bpf_data";

  /** Who makes the control groups of a workbench, sets its limits and puts it into them. */
  enum Groups {
    /** The runtime, as the bundle's configuration says. */
    THE_RUNTIME,
    /** The launcher, before it becomes the runtime: see {@link LaunchedGroups}. */
    THE_LAUNCHER
  }

  OciRuntime withFilter(String compiled) {
    return new OciRuntime(name, binary, hides, groups, Optional.of(compiled));
  }

  /** What the runtime is told before anything else. */
  List<String> options() {
    return switch (groups) {
      case THE_RUNTIME -> List.of();
      case THE_LAUNCHER -> List.of("--cgroup-manager=disabled");
    };
  }

  /** What the bundle's configuration says beyond the standard. */
  Map<String, String> annotations() {
    return filter.map(compiled -> Map.of(FILTER, compiled)).orElse(Map.of());
  }
}
