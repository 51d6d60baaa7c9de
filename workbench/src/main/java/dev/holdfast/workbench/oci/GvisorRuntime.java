package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * gVisor's {@code runsc}: the programs of the workbench see a kernel that is itself a program in
 * user space, behind a seccomp filter, in a user namespace.
 *
 * @param platform how programs are run and their system calls caught: {@code systrap} or {@code
 *     ptrace}
 * @param asEntry the workspace is no mount when the first process starts but the entry of one,
 *     which the host can still change; {@link GvisorSandbox#claim} mounts it
 */
record GvisorRuntime(String platform, Path binary, Groups groups, boolean asEntry)
    implements Starter {
  /** Threads of the kernel in user space itself, beside those of the programs. */
  private static final int OWN_THREADS = 256;

  GvisorRuntime(String platform, Path binary, Groups groups) {
    this(platform, binary, groups, false);
  }

  /** The same, for workspaces that come later. */
  GvisorRuntime withWorkspaceAsEntry() {
    return new GvisorRuntime(platform, binary, groups, true);
  }

  @Override
  public String name() {
    return "runsc with " + platform;
  }

  @Override
  public Optional<Path> hides() {
    return Optional.empty();
  }

  @Override
  public Optional<Device> device() {
    return Optional.empty();
  }

  @Override
  public List<String> options() {
    var options = new ArrayList<String>();
    options.add("--platform=" + platform);
    options.add("--network=none");
    // The root is read-only: there is nothing to lay over it.
    options.add("--overlay2=none");
    // The host reads the workspace between calls, and what it finds must be all there is.
    options.add("--file-access-mounts=shared");
    // No socket or pipe of the host opens, whatever a mount holds: the channel is there already.
    options.add("--host-uds=none");
    options.add("--host-fifo=none");
    if (groups == Groups.THE_LAUNCHER) {
      options.add("--ignore-cgroups");
    }
    return options;
  }

  /** It keeps several files of each container, so each has a directory. */
  @Override
  public String state(WorkbenchId id) {
    return LaunchPlan.STATE + "/" + id;
  }

  @Override
  public List<String> guest() {
    return List.of(RootTree.GUEST, "--fd", "0", "--fence", "yes");
  }

  @Override
  public byte[] config(WorkbenchSpec spec, List<String> argv, HostLimits limits) {
    return GvisorConfig.of(spec, argv, limits.openFiles(), asEntry);
  }

  /**
   * The host counts threads, of which each one inside takes up to three; the cap itself is kept
   * inside.
   */
  @Override
  public Caps onHost(Caps caps) {
    return caps.withPids(3 * caps.pids() + OWN_THREADS);
  }

  @Override
  public void layOut(
      LaunchPlan plan, RootTree root, WorkbenchSpec spec, Path run, boolean withChannel)
      throws IOException {
    root.layOutApart(plan, spec, run, asEntry);
    if (withChannel) {
      plan.connect("channel");
    }
    plan.guard();
  }

  @Override
  public boolean connectsBeforeItStarts() {
    return true;
  }
}
