package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** The runtime's {@code config.json} for one workbench. */
final class BundleConfig {
  /** Parts of /proc that tell of the host or reach into it. */
  static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/kallsyms",
          "/proc/kmsg",
          "/proc/latency_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/proc/timer_list",
          "/proc/timer_stats");

  static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  /**
   * The network is not here: the launcher makes it, owned by the host, and the runtime keeps it.
   */
  private static final List<String> NAMESPACES =
      List.of("pid", "ipc", "uts", "mount", "user", "cgroup");

  private static final List<String> CAPABILITY_SETS =
      List.of("bounding", "effective", "inheritable", "permitted", "ambient");

  /** What root of a draft holds: nothing is inherited, so another user never has any of it. */
  private static final List<String> DRAFT_SETS = List.of("bounding", "effective", "permitted");

  /**
   * What installing packages takes. All of it counts in the workbench's user namespace alone: over
   * files that belong to its ids, and processes of it.
   */
  static final List<String> DRAFT_CAPABILITIES =
      List.of(
          // Files are unpacked as root and given to their owners.
          "CAP_CHOWN",
          // Root of an image writes into its users' directories.
          "CAP_DAC_OVERRIDE",
          // It sets modes and times of what it gave away.
          "CAP_FOWNER",
          // Package managers download and unpack as a user with less.
          "CAP_SETGID",
          "CAP_SETUID");

  static final long PERIOD_MICROS = 100_000;
  static final int TERMINALS = 128;
  static final long SHARED_MEMORY_BYTES = 64L << 20;
  private static final JsonMapper JSON = JsonMapper.shared();
  // Written out once: it is most of the file.
  private static final RawValue SECCOMP = new RawValue(SeccompProfile.shipped().json().toString());

  /**
   * In place of the list, for a runtime that is given the compiled filter: should it overlook that,
   * no system call is allowed and nothing starts.
   */
  private static final RawValue NOTHING =
      new RawValue(new SeccompProfile(List.of()).json().toString());

  private BundleConfig() {}

  /**
   * The configuration that runs {@code argv} as the first process of the workbench.
   *
   * @param openFilesLimit the most open files that the host allows
   * @param limitsTcpMemory whether the host wants a limit of its own for that
   * @param notes the annotation that holds the compiled seccomp filter, for a runtime that takes
   *     one; none for the list itself
   * @param device what may be opened beside the harmless devices
   */
  static byte[] of(
      WorkbenchSpec spec,
      List<String> argv,
      long openFilesLimit,
      boolean limitsTcpMemory,
      Map<String, String> notes,
      Optional<Device> device) {
    ObjectNode config = JSON.createObjectNode();
    config.put("ociVersion", "1.0.2").put("hostname", spec.id().value());
    process(config.putObject("process"), spec, argv, openFilesLimit);
    config
        .putObject("root")
        .put("path", LaunchPlan.ROOT)
        .put("readonly", !(spec.root() instanceof Root.Draft));
    mounts(config.putArray("mounts"), spec.caps());
    linux(config.putObject("linux"), spec, limitsTcpMemory, seccomp(notes, device));
    device.ifPresent(more -> device(config, more));
    ObjectNode annotations = config.putObject("annotations");
    notes.forEach(annotations::put);
    return JSON.writeValueAsBytes(config);
  }

  /** The first process: without any right but a draft's root's, bounded as the caps say. */
  static void process(
      ObjectNode process, WorkbenchSpec spec, List<String> argv, long openFilesLimit) {
    process.put("terminal", false).put("cwd", "/").put("noNewPrivileges", true);
    // The host kills a workbench before it kills anything of its own.
    process.put("oomScoreAdj", 500);
    user(process.putObject("user"), spec.root());
    strings(process.putArray("args"), argv);
    environment(spec).forEach((name, value) -> process.withArray("env").add(name + "=" + value));
    ObjectNode capabilities = process.putObject("capabilities");
    CAPABILITY_SETS.forEach(capabilities::putArray);
    if (spec.root() instanceof Root.Draft(_, _, _, _, int uid, _) && uid == 0) {
      DRAFT_SETS.forEach(set -> strings(capabilities.withArray(set), DRAFT_CAPABILITIES));
    }
    ArrayNode limits = process.putArray("rlimits");
    limit(limits, "RLIMIT_CORE", 0);
    limit(limits, "RLIMIT_FSIZE", spec.caps().fileBytes());
    limit(limits, "RLIMIT_NOFILE", Math.min(spec.caps().openFiles(), openFilesLimit));
    limit(limits, "RLIMIT_MEMLOCK", 64 << 10);
    limit(limits, "RLIMIT_MSGQUEUE", 0);
  }

  private static void user(ObjectNode user, Root root) {
    switch (root) {
      case Root.Draft draft -> user.put("uid", draft.uid()).put("gid", draft.gid());
      case Root.Host _, Root.Image _ ->
          user.put("uid", root.agent().uid()).put("gid", root.agent().gid());
    }
  }

  /**
   * What every program inside finds in its environment: the basics, then what the image sets, then
   * the account, which is the workbench's and no image's, then what was asked for.
   */
  static Map<String, String> environment(WorkbenchSpec spec) {
    var env = new LinkedHashMap<String, String>();
    env.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    env.put("SHELL", "/bin/sh");
    env.put("LANG", "C.UTF-8");
    switch (spec.root()) {
      case Root.Host _ -> account(env);
      case Root.Image image -> {
        env.putAll(new TreeMap<>(image.env()));
        account(env);
      }
      // Its accounts are the image's own.
      case Root.Draft draft -> env.putAll(new TreeMap<>(draft.env()));
    }
    env.putAll(new TreeMap<>(spec.env()));
    return env;
  }

  private static void account(Map<String, String> env) {
    env.put("HOME", "/home/agent");
    env.put("USER", "agent");
    env.put("LOGNAME", "agent");
  }

  static void limit(ArrayNode limits, String type, long value) {
    limits.addObject().put("type", type).put("hard", value).put("soft", value);
  }

  private static void mounts(ArrayNode mounts, Caps caps) {
    mount(mounts, "/proc", "proc", "nosuid", "noexec", "nodev");
    mount(mounts, "/dev", "tmpfs", "nosuid", "noexec", "mode=755", "size=64k", "nr_inodes=64");
    mount(
        mounts,
        "/dev/pts",
        "devpts",
        "nosuid",
        "noexec",
        "newinstance",
        "ptmxmode=0666",
        "mode=0620",
        // The machine has one table of terminals: see kernel.pty.max.
        "max=" + TERMINALS);
    String shared = RootTree.bounded(Math.min(SHARED_MEMORY_BYTES, caps.tmpBytes()), "mode=1777");
    mount(mounts, "/dev/shm", "tmpfs", ("nosuid,noexec,nodev," + shared).split(",", -1));
  }

  static void mount(ArrayNode mounts, String target, String type, String... options) {
    ObjectNode mount = mounts.addObject();
    mount.put("destination", target).put("type", type).put("source", type);
    strings(mount.putArray("options"), List.of(options));
  }

  private static RawValue seccomp(Map<String, String> notes, Optional<Device> device) {
    return device
        .map(more -> new RawValue(more.seccomp().json().toString()))
        .orElse(notes.isEmpty() ? SECCOMP : NOTHING);
  }

  private static void device(ObjectNode config, Device device) {
    ObjectNode mount = config.withArray("mounts").addObject();
    mount.put("destination", device.path()).put("type", "bind").put("source", LaunchPlan.DEVICE);
    strings(mount.putArray("options"), List.of("bind", "nosuid", "noexec"));
    config
        .withArray("/linux/resources/devices")
        .addObject()
        .put("allow", true)
        .put("type", "c")
        .put("major", device.major())
        .put("minor", device.minor())
        .put("access", "rw");
  }

  private static void linux(
      ObjectNode linux, WorkbenchSpec spec, boolean limitsTcpMemory, RawValue seccomp) {
    ArrayNode namespaces = linux.putArray("namespaces");
    NAMESPACES.forEach(type -> namespaces.addObject().put("type", type));
    ids(linux, spec.root().agent());
    linux.put("cgroupsPath", "/" + Cgroups.nameOf(spec.id()));
    resources(linux.putObject("resources"), spec.caps());
    if (limitsTcpMemory) {
      linux.withObject("/resources/memory").put("kernelTCP", spec.caps().memoryBytes());
    }
    linux.putRawValue("seccomp", seccomp);
    strings(linux.putArray("maskedPaths"), MASKED);
    strings(linux.putArray("readonlyPaths"), READ_ONLY);
  }

  /** The users of the workbench are ids that nobody else on the host has. */
  static void ids(ObjectNode linux, AgentIds agent) {
    mappings(linux.putArray("uidMappings"), agent.users());
    mappings(linux.putArray("gidMappings"), agent.groups());
  }

  private static void mappings(ArrayNode mappings, List<AgentIds.Range> ranges) {
    for (AgentIds.Range range : ranges) {
      mappings
          .addObject()
          .put("containerID", range.inside())
          .put("hostID", range.host())
          .put("size", range.size());
    }
  }

  static void resources(ObjectNode resources, Caps caps) {
    // Swap counts: memory and swap together are capped at the memory limit.
    resources.putObject("memory").put("limit", caps.memoryBytes()).put("swap", caps.memoryBytes());
    resources.putObject("pids").put("limit", caps.pids());
    resources.putObject("cpu").put("quota", quota(caps)).put("period", PERIOD_MICROS);
    // Runtimes add the harmless devices that every container has; nothing else opens.
    resources.putArray("devices").addObject().put("allow", false).put("access", "rwm");
  }

  /** Microseconds of processor time in each period. */
  static long quota(Caps caps) {
    return Math.max(1000, Math.round(caps.cpus() * PERIOD_MICROS));
  }

  static void strings(ArrayNode array, List<String> values) {
    values.forEach(array::add);
  }
}
