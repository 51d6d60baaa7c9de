package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The control groups of one workbench as steps of the launcher, for hosts that keep the limits in
 * v1 hierarchies.
 *
 * <p>A runtime moves the container's first process into its groups from outside, and for that the
 * kernel waits until nothing on the host is within fork or exit: 10 ms and more, most of what a
 * start costs. The launcher is a single thread that moves itself, or is born in the group, for
 * which the kernel need not wait. The runtime and the workbench then inherit the groups.
 */
final class LaunchedGroups {
  private static final List<String> LIMITING = List.of("memory", "pids", "cpu", "devices");

  /** Holds all processes still at once. */
  private static final String FREEZER = "freezer";

  /** What every program may expect to be there, and nothing that reaches hardware. */
  private static final List<String> DEVICES =
      List.of(
          "c 1:3 rw", // null
          "c 1:5 rw", // zero
          "c 1:7 rw", // full
          "c 1:8 rw", // random
          "c 1:9 rw", // urandom
          "c 5:0 rw", // tty
          "c 5:2 rw", // ptmx
          "c 136:* rw"); // pts

  private final Cgroups cgroups;

  private LaunchedGroups(Cgroups cgroups) {
    this.cgroups = cgroups;
  }

  /** Empty where some limit is not kept in a v1 hierarchy. */
  static Optional<LaunchedGroups> on(Cgroups cgroups) {
    return LIMITING.stream().allMatch(controller -> cgroups.v1(controller).isPresent())
        ? Optional.of(new LaunchedGroups(cgroups))
        : Optional.empty();
  }

  /** The steps; they come before anything is hidden. */
  void layOut(LaunchPlan plan, WorkbenchId id, Caps caps) {
    String name = Cgroups.nameOf(id);
    Optional<Path> v2 = cgroups.hybridV2().map(root -> root.resolve(name));
    List<Path> v1 = hierarchies().stream().map(root -> root.resolve(name)).toList();
    v2.ifPresent(plan::group);
    v1.forEach(plan::group);
    limits(plan, caps, name);
    v2.ifPresent(plan::beBornIn);
    v1.forEach(plan::join);
  }

  /** Controllers may share a hierarchy. */
  private List<Path> hierarchies() {
    var roots = new LinkedHashSet<Path>();
    LIMITING.forEach(controller -> roots.add(cgroups.v1(controller).orElseThrow()));
    cgroups.v1(FREEZER).ifPresent(roots::add);
    return new ArrayList<>(roots);
  }

  private void limits(LaunchPlan plan, Caps caps, String name) {
    String bytes = Long.toString(caps.memoryBytes());
    plan.set(file("memory", name, "memory.limit_in_bytes"), bytes);
    // Swap counts: memory and swap together are capped at the memory limit.
    Path withSwap = file("memory", name, "memory.memsw.limit_in_bytes");
    if (Files.exists(cgroups.v1("memory").orElseThrow().resolve(withSwap.getFileName()))) {
      plan.set(withSwap, bytes);
    }
    if (cgroups.limitsTcpMemory()) {
      plan.set(file("memory", name, Cgroups.TCP_MEMORY), bytes);
    }
    plan.set(file("pids", name, "pids.max"), Integer.toString(caps.pids()));
    plan.set(file("cpu", name, "cpu.cfs_period_us"), Long.toString(BundleConfig.PERIOD_MICROS));
    plan.set(file("cpu", name, "cpu.cfs_quota_us"), Long.toString(BundleConfig.quota(caps)));
    plan.set(file("devices", name, "devices.deny"), "a");
    DEVICES.forEach(device -> plan.set(file("devices", name, "devices.allow"), device));
  }

  private Path file(String controller, String name, String file) {
    return cgroups.v1(controller).orElseThrow().resolve(name).resolve(file);
  }
}
