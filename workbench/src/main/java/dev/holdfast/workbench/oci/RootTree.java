package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a workbench sees as its file system: the host's {@code /usr}, a small generated {@code
 * /etc}, bounded memory file systems, the workspace, and nothing else of the host.
 */
record RootTree(Path etc, Path guest) {
  /** Where the guest is, inside. */
  static final String GUEST = "/run/holdfast/guest";

  /** Where the guest finds its channel, inside. */
  static final String CHANNEL = "/run/holdfast/channel";

  private static final List<String> SYSTEM =
      List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");
  private static final String READ_ONLY = "rsd";

  /** The steps that lay the tree out for one workbench, with its files in {@code run}. */
  void layOut(LaunchPlan plan, WorkbenchSpec spec, Path run, boolean withChannel)
      throws IOException {
    plan.bindDirectory(Path.of("/usr"), "/usr", READ_ONLY);
    for (String name : SYSTEM) {
      system(plan, Path.of(name));
    }
    plan.bindDirectory(etc, "/etc", "rsdx").bindOver(run.resolve("hosts"), "/etc/hosts", "rsdx");
    plan.directory("/proc").directory("/dev").directory("/var").link("/var/tmp", "/tmp");
    plan.tmpfs("/run", "sd", "size=64k,nr_inodes=32,mode=755").bindFile(guest, GUEST, READ_ONLY);
    if (withChannel) {
      plan.bindFile(run.resolve("channel"), CHANNEL, READ_ONLY + "x");
    }
    memory(plan, spec.caps());
    workspace(plan, spec);
    spec.mounts().forEach(plan::mount);
    // Last: nothing inside may add to the root, not even as the workbench's own root user.
    plan.seal("/run").seal("/");
  }

  /** {@code /bin} and the like are links into /usr on today's systems, directories on older. */
  private static void system(LaunchPlan plan, Path path) throws IOException {
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
    return "mode=755,uid=%1$d,gid=%1$d".formatted(Ids.OWNER);
  }

  /** Bounded in bytes and in files: an empty file costs kernel memory too. */
  static String bounded(long bytes, String options) {
    return "size=%d,nr_inodes=%d,%s".formatted(bytes, Math.max(1024, bytes / 2048), options);
  }
}
