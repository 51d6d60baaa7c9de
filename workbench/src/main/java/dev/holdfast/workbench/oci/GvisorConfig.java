package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.WorkbenchSpec;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code config.json} of one workbench for {@code runsc}. What the kernel in user space makes
 * up itself is left to it: {@code /dev}, {@code /sys}, what is hidden of {@code /proc}, devices.
 * The seccomp list is not here, as system calls do not reach the host.
 */
final class GvisorConfig {
  private static final List<String> NAMESPACES = List.of("pid", "ipc", "uts", "mount", "user");

  private GvisorConfig() {}

  /**
   * The configuration that runs {@code argv} as the first process.
   *
   * @param asEntry the workspace is the one entry of a directory, to be mounted at its place later
   */
  static byte[] of(WorkbenchSpec spec, List<String> argv, long openFilesLimit, boolean asEntry) {
    ObjectNode config = JsonMapper.shared().createObjectNode();
    config.put("ociVersion", "1.0.2").put("hostname", spec.id().value());
    ObjectNode process = config.putObject("process");
    BundleConfig.process(process, spec, argv, openFilesLimit);
    // Counted by user; every process inside, the guest too, is the agent's.
    BundleConfig.limit(process.withArray("rlimits"), "RLIMIT_NPROC", spec.caps().pids());
    config.putObject("root").put("path", LaunchPlan.ROOT).put("readonly", true);
    mounts(config.putArray("mounts"), spec, asEntry);
    ObjectNode linux = config.putObject("linux");
    ArrayNode namespaces = linux.putArray("namespaces");
    NAMESPACES.forEach(type -> namespaces.addObject().put("type", type));
    BundleConfig.ids(linux, spec.root().agent());
    linux.put("cgroupsPath", "/" + Cgroups.nameOf(spec.id()));
    BundleConfig.resources(linux.putObject("resources"), spec.caps());
    return JsonMapper.shared().writeValueAsBytes(config);
  }

  /** Whether a configuration is one whose workspace is an entry. */
  static boolean isAsEntry(byte[] config) {
    for (JsonNode mount : JsonMapper.shared().readTree(config).path("mounts")) {
      if (mount.path("destination").asString("").equals(RootTree.HELD)) {
        return true;
      }
    }
    return false;
  }

  private static void mounts(ArrayNode mounts, WorkbenchSpec spec, boolean asEntry) {
    Caps caps = spec.caps();
    BundleConfig.mount(mounts, "/proc", "proc", "nosuid", "noexec", "nodev");
    long shared = Math.min(BundleConfig.SHARED_MEMORY_BYTES, caps.tmpBytes());
    memory(mounts, "/dev/shm", shared, "mode=1777");
    memory(mounts, "/tmp", caps.tmpBytes(), "mode=1777");
    memory(mounts, "/home/agent", caps.tmpBytes(), owned(spec));
    if (asEntry) {
      bind(mounts, RootTree.HELD, RootTree.HELD_BESIDE, "rw");
    } else if (spec.workspace().isPresent()) {
      bind(mounts, WorkbenchSpec.WORKSPACE, RootTree.WORKSPACE_BESIDE, "rw");
    } else {
      memory(mounts, WorkbenchSpec.WORKSPACE, caps.tmpBytes(), owned(spec));
    }
    for (int i = 0; i < spec.mounts().size(); i++) {
      Mount mount = spec.mounts().get(i);
      String access = mount.access() == Mount.Access.READ_ONLY ? "ro" : "rw";
      bind(mounts, LaunchPlan.targetOf(mount).toString(), RootTree.mountBeside(i), access);
    }
  }

  private static void memory(ArrayNode mounts, String target, long bytes, String owner) {
    String options = "nosuid,nodev,size=%d,%s".formatted(bytes, owner);
    BundleConfig.mount(mounts, target, "tmpfs", options.split(",", -1));
  }

  /** As the ids are numbered inside. */
  private static String owned(WorkbenchSpec spec) {
    AgentIds agent = spec.root().agent();
    return "mode=755,uid=%d,gid=%d".formatted(agent.uid(), agent.gid());
  }

  private static void bind(ArrayNode mounts, String target, String beside, String access) {
    ObjectNode mount = mounts.addObject();
    mount
        .put("destination", target)
        .put("type", "bind")
        .put("source", LaunchPlan.BASE + "/" + beside);
    BundleConfig.strings(mount.putArray("options"), List.of("rbind", access, "nosuid", "nodev"));
  }
}
