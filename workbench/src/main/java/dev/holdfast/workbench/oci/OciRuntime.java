package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A runtime of containers on the host's own kernel.
 *
 * @param name what people call it
 * @param binary the runtime's program
 * @param hides a mount that must be hidden from the runtime for it to work
 * @param groups who makes the control groups
 * @param filter the workbench's seccomp filter as the runtime itself compiled it, in base64; empty
 *     when it compiles the list anew for every workbench
 * @param device what its container may open beside the harmless devices
 */
record OciRuntime(
    String name,
    Path binary,
    Optional<Path> hides,
    Groups groups,
    Optional<String> filter,
    Optional<Device> device)
    implements Starter {
  private static final String FILTER = "run.oci.seccomp_bpf_data";

  OciRuntime withFilter(String compiled) {
    return new OciRuntime(name, binary, hides, groups, Optional.of(compiled), device);
  }

  /** The compiled filter is not for what a device needs. */
  OciRuntime withDevice(Device more) {
    return new OciRuntime(name, binary, hides, groups, Optional.empty(), Optional.of(more));
  }

  @Override
  public List<String> options() {
    return switch (groups) {
      case THE_RUNTIME -> List.of();
      case THE_LAUNCHER -> List.of("--cgroup-manager=disabled");
    };
  }

  @Override
  public String state(WorkbenchId id) {
    return LaunchPlan.STATE;
  }

  @Override
  public List<String> guest() {
    return List.of(RootTree.GUEST, "--connect", RootTree.CHANNEL);
  }

  @Override
  public byte[] config(WorkbenchSpec spec, List<String> argv, HostLimits limits) {
    Map<String, String> notes = filter.map(compiled -> Map.of(FILTER, compiled)).orElse(Map.of());
    return BundleConfig.of(spec, argv, limits.openFiles(), limits.tcpMemory(), notes, device);
  }

  @Override
  public Caps onHost(Caps caps) {
    return caps;
  }

  @Override
  public void layOut(
      LaunchPlan plan, RootTree root, WorkbenchSpec spec, Path run, boolean withChannel)
      throws IOException {
    root.layOut(plan, spec, run, withChannel);
    device.ifPresent(plan::device);
  }

  @Override
  public boolean connectsBeforeItStarts() {
    return false;
  }
}
