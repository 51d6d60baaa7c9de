package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A way to start the first process of a workbench through a program that takes OCI bundles. */
sealed interface Starter permits OciRuntime, GvisorRuntime {
  /** Who makes the control groups of a workbench, sets its limits and puts it into them. */
  enum Groups {
    /** The runtime, as the bundle's configuration says. */
    THE_RUNTIME,
    /** The launcher, before it becomes the runtime: see {@link LaunchedGroups}. */
    THE_LAUNCHER
  }

  /** What people call it. */
  String name();

  /** The runtime's program. */
  Path binary();

  Groups groups();

  /** A mount that must be hidden from the runtime for it to work. */
  Optional<Path> hides();

  /** What the container may open beside the harmless devices. */
  Optional<Device> device();

  /** What the runtime is told before anything else. */
  List<String> options();

  /** The directory of what the runtime remembers of a workbench, as the launcher shows it. */
  String state(WorkbenchId id);

  /** The guest's program and arguments, inside. */
  List<String> guest();

  /** The bundle's configuration. */
  byte[] config(WorkbenchSpec spec, List<String> argv, HostLimits limits);

  /** The caps that the host's control groups keep so that those of the workbench can be used. */
  Caps onHost(Caps caps);

  /**
   * Lays out what the workbench sees.
   *
   * @param run the workbench's directory on the host
   * @param withChannel the guest shall be able to connect to the socket {@code channel} there
   */
  void layOut(LaunchPlan plan, RootTree root, WorkbenchSpec spec, Path run, boolean withChannel)
      throws IOException;

  /** Whether the guest's connection is there before the guest is. */
  boolean connectsBeforeItStarts();
}
