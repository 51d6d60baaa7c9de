package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.AgentIds;
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
 * v1 hierarchies, and for ordinary users on every host.
 *
 * <p>A runtime moves the container's first process into its groups from outside, and for that the
 * kernel waits until nothing on the host is within fork or exit: 10 ms and more, most of what a
 * start costs. The launcher is a single thread that moves itself, or is born in the group, for
 * which the kernel need not wait. The runtime and the workbench then inherit the groups.
 */
final class LaunchedGroups {
  private static final List<String> LIMITING = List.of("memory", "pids", "cpu");

  /** Only the host's root may set it; an ordinary user's namespace can make no device anyway. */
  private static final String DEVICE_LIST = "devices";

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

  LaunchedGroups(Cgroups cgroups) {
    this.cgroups = cgroups;
  }

  /** Empty where some limit is not kept in a v1 hierarchy, which then the runtime sees to. */
  static Optional<LaunchedGroups> on(Cgroups cgroups) {
    boolean v1 = LIMITING.stream().allMatch(controller -> cgroups.v1(controller).isPresent());
    return AgentIds.ROOTLESS || (v1 && cgroups.v1(DEVICE_LIST).isPresent())
        ? Optional.of(new LaunchedGroups(cgroups))
        : Optional.empty();
  }

  /** The steps; they come before anything is hidden. */
  void layOut(LaunchPlan plan, WorkbenchId id, Caps caps, Optional<Device> device) {
    String name = Cgroups.nameOf(id);
    Optional<Path> v2 = cgroups.v2().map(root -> root.resolve(name));
    List<Path> v1 = hierarchies().stream().map(root -> root.resolve(name)).toList();
    v2.ifPresent(plan::group);
    v1.forEach(plan::group);
    memory(plan, caps, name);
    processes(plan, caps, name);
    devices(plan, name, device);
    v2.ifPresent(plan::beBornIn);
    v1.forEach(plan::join);
  }

  /** Controllers may share a hierarchy. */
  private List<Path> hierarchies() {
    var roots = new LinkedHashSet<Path>();
    LIMITING.forEach(controller -> cgroups.v1(controller).ifPresent(roots::add));
    deviceList().ifPresent(roots::add);
    cgroups.v1(FREEZER).ifPresent(roots::add);
    return new ArrayList<>(roots);
  }

  private Optional<Path> deviceList() {
    return AgentIds.ROOTLESS ? Optional.empty() : cgroups.v1(DEVICE_LIST);
  }

  /** Swap counts: memory and swap together are capped at the memory limit. */
  private void memory(LaunchPlan plan, Caps caps, String name) {
    String bytes = Long.toString(caps.memoryBytes());
    Optional<Path> v1 = cgroups.v1("memory");
    if (v1.isEmpty()) {
      plan.set(inV2(name).resolve("memory.max"), bytes);
      if (Files.exists(cgroups.v2().orElseThrow().resolve("memory.swap.max"))) {
        plan.set(inV2(name).resolve("memory.swap.max"), "0");
      }
      return;
    }
    Path group = v1.get().resolve(name);
    plan.set(group.resolve("memory.limit_in_bytes"), bytes);
    String withSwap = "memory.memsw.limit_in_bytes";
    if (Files.exists(v1.get().resolve(withSwap))) {
      plan.set(group.resolve(withSwap), bytes);
    }
    if (cgroups.limitsTcpMemory()) {
      plan.set(group.resolve(Cgroups.TCP_MEMORY), bytes);
    }
  }

  private void processes(LaunchPlan plan, Caps caps, String name) {
    Path pids = cgroups.v1("pids").map(root -> root.resolve(name)).orElseGet(() -> inV2(name));
    plan.set(pids.resolve("pids.max"), Integer.toString(caps.pids()));
    String period = Long.toString(BundleConfig.PERIOD_MICROS);
    String quota = Long.toString(BundleConfig.quota(caps));
    Optional<Path> cpu = cgroups.v1("cpu").map(root -> root.resolve(name));
    cpu.ifPresentOrElse(
        group ->
            plan.set(group.resolve("cpu.cfs_period_us"), period)
                .set(group.resolve("cpu.cfs_quota_us"), quota),
        () -> plan.set(inV2(name).resolve("cpu.max"), quota + " " + period));
  }

  private void devices(LaunchPlan plan, String name, Optional<Device> more) {
    deviceList()
        .map(root -> root.resolve(name))
        .ifPresent(
            group -> {
              plan.set(group.resolve("devices.deny"), "a");
              Path allowed = group.resolve("devices.allow");
              DEVICES.forEach(device -> plan.set(allowed, device));
              more.ifPresent(device -> plan.set(allowed, device.rule()));
            });
  }

  private Path inV2(String name) {
    return cgroups.v2().orElseThrow().resolve(name);
  }
}
