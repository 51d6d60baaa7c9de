package dev.holdfast.workbench.oci;

import dev.holdfast.lease.Owner;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.Standby;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.guest.GuestBinary;
import dev.holdfast.workbench.guest.GuestedWorkbench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a workbench is made of, for layers whose containers somebody else's daemon starts: the same
 * lists and parts as on the container layer.
 */
public final class Recipe {
  /** The most terminals that a workbench may have open. */
  public static final int TERMINALS = BundleConfig.TERMINALS;

  /** The limit on buffers of TCP connections, where {@link #limitsTcpMemory} says there is one. */
  public static final String TCP_MEMORY = Cgroups.TCP_MEMORY;

  /** Where the guest is, inside. */
  public static final String GUEST = RootTree.GUEST;

  private Recipe() {}

  /** The system calls that are allowed, as JSON in the form of the OCI runtime specification. */
  public static String seccomp() {
    return SeccompProfile.shipped().json().toString();
  }

  /** Parts of {@code /proc} that tell of the host or reach into it. */
  public static List<String> maskedPaths() {
    return BundleConfig.MASKED;
  }

  /** Parts of {@code /proc} that nobody inside may write to. */
  public static List<String> readOnlyPaths() {
    return BundleConfig.READ_ONLY;
  }

  /** What every program inside finds in its environment. */
  public static Map<String, String> environment(WorkbenchSpec spec) {
    return BundleConfig.environment(spec);
  }

  /** Where the host's programs and libraries are beside {@code /usr}; not every host has each. */
  public static List<Path> systemParts() {
    return RootTree.SYSTEM.stream().map(Path::of).toList();
  }

  /** The entries of an image's root that a workbench shows; it makes the others itself. */
  public static Set<Path> entries(Path tree) throws IOException {
    return ImageTree.entries(tree);
  }

  /** The generated {@code /etc}: a directory that nobody changes. */
  public static Path etc(Path home) throws IOException {
    return EtcTemplate.in(Layout.in(home).rootfs());
  }

  /** The guest's program on the host. */
  public static Path guest(Path home) {
    return GuestBinary.extractTo(Layout.in(home).rootfs());
  }

  /** How large a shared memory file system is. */
  public static long sharedMemoryBytes(WorkbenchSpec spec) {
    return Math.min(BundleConfig.SHARED_MEMORY_BYTES, spec.caps().tmpBytes());
  }

  /** Mount options that bound a memory file system in bytes and in files, before {@code others}. */
  public static String bounded(long bytes, String others) {
    return RootTree.bounded(bytes, others);
  }

  /** Where a mount goes inside; what the workbench itself is made of cannot be covered. */
  public static String targetOf(Mount mount) {
    return LaunchPlan.targetOf(mount).toString();
  }

  /** Whether the host counts what is in the buffers of TCP connections under a limit of its own. */
  public static boolean limitsTcpMemory() {
    return Cgroups.ofHost().limitsTcpMemory();
  }

  /** What a workbench has for a workspace until it gets one. */
  public static Path empty(Path home) {
    return Layout.in(home).empty();
  }

  /**
   * A workbench that waits for its workspace, which will be mounted over {@link #empty}.
   *
   * @param firstProcess the host's number of its first process
   */
  public static Standby standby(GuestedWorkbench workbench, long firstProcess) {
    return new OciStandby(workbench, firstProcess, WorkbenchSpec.WORKSPACE);
  }

  /** This process, for a lease. */
  public static Owner self() {
    return Processes.self();
  }

  /** Whether the owner of a lease still lives. */
  public static boolean isAlive(Owner owner) {
    return Processes.isAlive(owner);
  }
}
