package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a workbench sees as its file system: the host's {@code /usr} with a small generated {@code
 * /etc}, or an image; bounded memory file systems, the workspace, and nothing else of the host.
 */
record RootTree(Path etc, Path guest) {
  /** Where the guest is, inside. */
  static final String GUEST = "/run/holdfast/guest";

  /** Where the guest finds its channel, inside. */
  static final String CHANNEL = "/run/holdfast/channel";

  /** Where the workspace is, below the launcher's base, when it is not in the root. */
  static final String WORKSPACE_BESIDE = "workspace";

  /** Where a directory is, below the launcher's base, whose one entry is the workspace. */
  static final String HELD_BESIDE = "held";

  /** Where that directory is mounted, inside, until its entry is the workspace. */
  static final String HELD = "/run/holdfast/held";

  /** The name of the entry. */
  static final String ENTRY = "workspace";

  static final List<String> SYSTEM =
      List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");
  private static final String READ_ONLY = "rsd";

  /** The steps that lay the tree out for one workbench, with its files in {@code run}. */
  void layOut(LaunchPlan plan, WorkbenchSpec spec, Path run, boolean withChannel)
      throws IOException {
    if (spec.root() instanceof Root.Draft draft) {
      plan.overlay(draft.tree(), draft.changes(), draft.work());
      guest(plan, run, withChannel);
      plan.seal("/run");
      return;
    }
    system(plan, spec, run);
    guest(plan, run, withChannel);
    memory(plan, spec.caps());
    workspace(plan, spec);
    spec.mounts().forEach(plan::mount);
    // Last: nothing inside may add to the root, not even as the workbench's own root user.
    plan.seal("/run").seal("/");
  }

  private void guest(LaunchPlan plan, Path run, boolean withChannel) {
    plan.tmpfs("/run", "sd", "size=64k,nr_inodes=32,mode=755").bindFile(guest, GUEST, READ_ONLY);
    if (withChannel) {
      plan.bindFile(run.resolve("channel"), CHANNEL, READ_ONLY + "x");
    }
  }

  /**
   * The same for a runtime that makes the memory file systems itself, and mounts the workspace and
   * the other mounts from beside the root: {@link #WORKSPACE_BESIDE} and {@link #mountBeside}.
   *
   * @param asEntry the workspace is the one entry of {@link #HELD_BESIDE} instead
   */
  void layOutApart(LaunchPlan plan, WorkbenchSpec spec, Path run, boolean asEntry)
      throws IOException {
    system(plan, spec, run);
    plan.tmpfs("/run", "sd", "size=64k,nr_inodes=32,mode=755").bindFile(guest, GUEST, READ_ONLY);
    for (String empty : List.of("/sys", "/tmp", "/home/agent", WorkbenchSpec.WORKSPACE)) {
      plan.directory(empty);
    }
    if (asEntry) {
      plan.directory(HELD);
      plan.entryBeside(spec.workspace().orElseThrow(), HELD_BESIDE, spec.root().agent());
    } else {
      spec.workspace().ifPresent(path -> plan.beside(path, WORKSPACE_BESIDE, "sd"));
    }
    for (int i = 0; i < spec.mounts().size(); i++) {
      Mount mount = spec.mounts().get(i);
      plan.beside(mount.source(), mountBeside(i), LaunchPlan.flagsOf(mount)).mountPoint(mount);
    }
    plan.seal("/run").seal("/");
  }

  /** Where the mount of that number is, below the launcher's base. */
  static String mountBeside(int index) {
    return "mount-" + index;
  }

  private void system(LaunchPlan plan, WorkbenchSpec spec, Path run) throws IOException {
    switch (spec.root()) {
      case Root.Host _ -> host(plan);
      case Root.Image image -> ImageTree.layOut(plan, image.tree());
      case Root.Draft _ -> throw onTheContainerLayerOnly();
    }
    plan.bindOver(run.resolve("hosts"), "/etc/hosts", "rsdx").directory("/proc").directory("/dev");
  }

  static WorkbenchException onTheContainerLayerOnly() {
    return new WorkbenchException("images are made on the layer `container` only");
  }

  private void host(LaunchPlan plan) throws IOException {
    plan.bindDirectory(Path.of("/usr"), "/usr", READ_ONLY);
    for (String name : SYSTEM) {
      systemPart(plan, Path.of(name));
    }
    plan.bindDirectory(etc, "/etc", "rsdx").directory("/var").link("/var/tmp", "/tmp");
  }

  /** {@code /bin} and the like are links into /usr on today's systems, directories on older. */
  private static void systemPart(LaunchPlan plan, Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      plan.link(path.toString(), Files.readSymbolicLink(path).toString());
    } else if (Files.isDirectory(path)) {
      plan.bindDirectory(path, path.toString(), READ_ONLY);
    }
  }

  private static void memory(LaunchPlan plan, Caps caps) {
    plan.tmpfs("/tmp", "sd", bounded(caps.tmpBytes(), "mode=1777"));
    plan.tmpfs("/home/agent", "sd", bounded(caps.tmpBytes(), owned()));
  }

  private static void workspace(LaunchPlan plan, WorkbenchSpec spec) {
    String target = WorkbenchSpec.WORKSPACE;
    spec.workspace()
        .ifPresentOrElse(
            path -> plan.bindDirectory(path, target, "sd"),
            () -> plan.tmpfs(target, "sd", bounded(spec.caps().tmpBytes(), owned())));
  }

  private static String owned() {
    return "mode=755,uid=%1$d,gid=%1$d".formatted(AgentIds.OWNER);
  }

  /** Bounded in bytes and in files: an empty file costs kernel memory too. */
  static String bounded(long bytes, String options) {
    return "size=%d,nr_inodes=%d,%s".formatted(bytes, Math.max(1024, bytes / 2048), options);
  }
}
