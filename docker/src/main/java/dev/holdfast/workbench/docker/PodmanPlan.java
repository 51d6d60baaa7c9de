package dev.holdfast.workbench.docker;

import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What Podman is told about one container, in its own form: Docker's can neither map the users of
 * one container nor mask parts of {@code /proc}, and adds memory file systems that nobody bounds.
 */
final class PodmanPlan {
  private static final List<String> COVER =
      List.of("ro", "nosuid", "nodev", "noexec", "size=4k", "mode=000");

  private final Order order;
  private final WorkbenchSpec spec;

  PodmanPlan(Order order) {
    this.order = order;
    this.spec = order.spec();
  }

  /**
   * The whole configuration.
   *
   * @param memory where its memory file systems are mounted on the host, by where they go
   */
  Map<String, Object> container(Path seccomp, Map<String, Path> memory) throws IOException {
    var plan = new LinkedHashMap<String, Object>();
    plan.put("name", order.name());
    plan.put("image", order.image());
    plan.put("hostname", spec.id().value());
    plan.put("labels", order.labels());
    plan.put("entrypoint", List.of(Recipe.GUEST, "--fd", "0", "--out", "1"));
    plan.put("work_dir", "/");
    plan.put("stdin", true);
    plan.put("remove", true);
    // What the guest says goes to us; a log of it would fill the host's disk.
    plan.put("log_configuration", Map.of("driver", "none"));
    plan.put("image_volume_mode", "ignore");
    plan.put("mounts", mounts(memory));
    confine(plan, seccomp);
    files(plan);
    limits(plan, spec.caps());
    return plan;
  }

  private void confine(Map<String, Object> plan, Path seccomp) {
    plan.put("user", "%d:%d".formatted(order.identity().uid(), order.identity().gid()));
    plan.put("cap_drop", List.of("all"));
    plan.put("no_new_privileges", true);
    plan.put("seccomp_profile_path", seccomp.toString());
    plan.put("read_only_filesystem", true);
    plan.put("mask", Recipe.maskedPaths());
    plan.put("netns", namespace("none"));
    // Without a /dev/shm of the daemon's making, whose number of files nobody bounds.
    plan.put("ipcns", namespace("none"));
    plan.put("cgroupns", namespace("private"));
    plan.put("userns", namespace("private"));
    AgentIds agent = spec.root().agent();
    plan.put(
        "idmappings",
        Map.of(
            "HostUIDMapping",
            false,
            "HostGIDMapping",
            false,
            "UIDMap",
            ids(agent.users()),
            "GIDMap",
            ids(agent.groups())));
  }

  private static List<Map<String, Integer>> ids(List<AgentIds.Range> ranges) {
    return ranges.stream()
        .map(
            range ->
                Map.of(
                    "container_id", range.inside(),
                    "host_id", range.host(),
                    "size", range.size()))
        .toList();
  }

  private static Map<String, String> namespace(String mode) {
    return Map.of("nsmode", mode);
  }

  /** The image has every file of {@code /etc} already; nothing of the host's is copied in. */
  private static void files(Map<String, Object> plan) {
    plan.put("httpproxy", false);
    plan.put("systemd", "false");
    plan.put("manage_password", false);
    plan.put("use_image_resolve_conf", true);
    plan.put("use_image_hosts", true);
  }

  private static void limits(Map<String, Object> plan, Caps caps) {
    plan.put(
        "resource_limits",
        Map.of(
            // Swap counts: memory and swap together are capped at the memory limit.
            "memory", Map.of("limit", caps.memoryBytes(), "swap", caps.memoryBytes()),
            "cpu",
                Map.of("period", ContainerPlan.PERIOD_MICROS, "quota", ContainerPlan.quota(caps)),
            "pids", Map.of("limit", caps.pids())));
    // The host kills a workbench before it kills anything of its own.
    plan.put("oom_score_adj", ContainerPlan.OOM_SCORE);
    plan.put(
        "r_limits",
        List.of(
            limit("core", 0),
            limit("fsize", caps.fileBytes()),
            limit("nofile", caps.openFiles()),
            limit("memlock", ContainerPlan.MEMLOCK_BYTES),
            limit("msgqueue", 0),
            // Else Podman sets one of its own, which it may not have here.
            limit("nproc", caps.pids())));
  }

  private static Map<String, Object> limit(String type, long value) {
    return Map.of("type", type, "hard", value, "soft", value);
  }

  /**
   * The memory file systems that programs may write to, by where they go, with the options of their
   * mounts. The ids are those of the host.
   */
  Map<String, String> memory() {
    long tmp = spec.caps().tmpBytes();
    String open = "mode=1777,uid=%1$d,gid=%1$d".formatted(AgentIds.FIRST);
    String owned = "mode=755,uid=%1$d,gid=%1$d".formatted(AgentIds.OWNER);
    var memory = new TreeMap<String, String>();
    memory.put("/tmp", "nosuid,nodev," + Recipe.bounded(tmp, open));
    memory.put("/home/agent", "nosuid,nodev," + Recipe.bounded(tmp, owned));
    memory.put(
        "/dev/shm", "nosuid,nodev,noexec," + Recipe.bounded(Recipe.sharedMemoryBytes(spec), open));
    if (spec.workspace().isEmpty()) {
      memory.put(WorkbenchSpec.WORKSPACE, "nosuid,nodev," + Recipe.bounded(tmp, owned));
    }
    return memory;
  }

  private List<Map<String, Object>> mounts(Map<String, Path> memory) throws IOException {
    var mounts = new ArrayList<Map<String, Object>>();
    Path base = spec.root() instanceof Root.Image image ? image.tree() : Path.of("/");
    for (Path part : HostFiles.mounted(order.entries())) {
      mounts.add(bind(part, "/" + base.relativize(part), "ro"));
    }
    memory.forEach((target, source) -> mounts.add(bind(source, target, "rw")));
    spec.workspace().ifPresent(path -> mounts.add(bind(path, WorkbenchSpec.WORKSPACE, "rw")));
    for (Mount mount : spec.mounts()) {
      boolean readOnly = mount.access() == Mount.Access.READ_ONLY;
      mounts.add(bind(mount.source(), Recipe.targetOf(mount), readOnly ? "ro" : "rw"));
    }
    // Instead of the kernel's, which tells of the host, and of the control groups.
    mounts.add(mount("tmpfs", "tmpfs", "/sys", COVER));
    mounts.add(mount("tmpfs", "tmpfs", "/sys/fs/cgroup", COVER));
    mounts.add(mount("devpts", "devpts", "/dev/pts", terminals()));
    return mounts;
  }

  /** The machine has one table of terminals, and only a mount of its own can have a limit. */
  private static List<String> terminals() {
    return List.of(
        "nosuid",
        "noexec",
        "newinstance",
        "ptmxmode=0666",
        "mode=0620",
        "gid=5",
        "max=" + Recipe.TERMINALS);
  }

  private static Map<String, Object> bind(Path source, String target, String access) {
    var options = List.of("bind", "rprivate", "nosuid", "nodev", access);
    return mount("bind", source.toString(), target, options);
  }

  private static Map<String, Object> mount(
      String type, String source, String target, List<String> options) {
    return Map.of("type", type, "source", source, "destination", target, "options", options);
  }
}
