package dev.holdfast.workbench.docker;

import com.github.dockerjava.api.model.BindOptions;
import com.github.dockerjava.api.model.BindPropagation;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Driver;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the daemon is told about one container: everything that confines it. */
final class ContainerPlan {
  static final long PERIOD_MICROS = 100_000;
  private static final long LEAST_QUOTA_MICROS = 1000;
  static final long MEMLOCK_BYTES = 64 << 10;
  static final int OOM_SCORE = 500;

  private final WorkbenchSpec spec;
  private final Identity identity;
  private final String runtime;
  private final boolean ownKernel;

  /**
   * @param runtime the OCI runtime by the daemon's name of it; empty: its own choice
   * @param ownKernel whether that runtime gives each container a kernel
   */
  ContainerPlan(WorkbenchSpec spec, Identity identity, String runtime, boolean ownKernel) {
    this.spec = spec;
    this.identity = identity;
    this.runtime = runtime;
    this.ownKernel = ownKernel;
  }

  HostConfig hostConfig(Set<Path> entries) throws IOException {
    var config = new FullHostConfig();
    config
        .withAutoRemove(true)
        .withRestartPolicy(RestartPolicy.noRestart())
        // What the guest says goes to us; a log of it would fill the host's disk.
        .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
        .withNetworkMode("none")
        .withExtraHosts(spec.id() + ":127.0.0.1")
        // Without a /dev/shm of the daemon's making, whose number of files nobody bounds.
        .withIpcMode("none")
        .withCgroupnsMode("private")
        .withCapDrop(Capability.ALL)
        .withPrivileged(false)
        .withReadonlyRootfs(true)
        .withSecurityOpts(List.of("no-new-privileges", "seccomp=" + Recipe.seccomp()))
        .withMounts(mounts(entries))
        .withTmpFs(memory());
    if (!runtime.isEmpty()) {
      config.withRuntime(runtime);
    }
    limits(config, spec.caps());
    config.with("MaskedPaths", Recipe.maskedPaths());
    config.with("ReadonlyPaths", Recipe.readOnlyPaths());
    return config;
  }

  private static void limits(FullHostConfig config, Caps caps) {
    config
        .withMemory(caps.memoryBytes())
        // Swap counts: memory and swap together are capped at the memory limit.
        .withMemorySwap(caps.memoryBytes())
        .withPidsLimit((long) caps.pids())
        .withCpuPeriod(PERIOD_MICROS)
        .withCpuQuota(quota(caps))
        // The host kills a workbench before it kills anything of its own.
        .withOomScoreAdj(OOM_SCORE)
        .withUlimits(
            List.of(
                ulimit("core", 0),
                ulimit("fsize", caps.fileBytes()),
                ulimit("nofile", caps.openFiles()),
                ulimit("memlock", MEMLOCK_BYTES),
                ulimit("msgqueue", 0)));
  }

  /** The share of each period, in microseconds, that all processes together may use. */
  static long quota(Caps caps) {
    return Math.max(LEAST_QUOTA_MICROS, Math.round(caps.cpus() * PERIOD_MICROS));
  }

  private static Ulimit ulimit(String name, long value) {
    return new Ulimit(name, value, value);
  }

  private Map<String, String> memory() {
    long tmp = spec.caps().tmpBytes();
    var memory = new TreeMap<String, String>();
    memory.put("/tmp", "rw,nosuid,nodev,exec," + Recipe.bounded(tmp, "mode=1777"));
    memory.put("/home/agent", "rw,nosuid,nodev,exec," + Recipe.bounded(tmp, owned()));
    memory.put(
        "/dev/shm",
        "rw,nosuid,nodev,noexec," + Recipe.bounded(Recipe.sharedMemoryBytes(spec), "mode=1777"));
    // Instead of the kernel's, which tells of the host and holds the control groups.
    memory.put("/sys", "ro,nosuid,nodev,noexec,size=4k,nr_inodes=2,mode=000");
    if (spec.workspace().isEmpty()) {
      memory.put(WorkbenchSpec.WORKSPACE, "rw,nosuid,nodev,exec," + Recipe.bounded(tmp, owned()));
    }
    return memory;
  }

  private String owned() {
    return "mode=755,uid=%d,gid=%d".formatted(identity.uid(), identity.gid());
  }

  private List<Mount> mounts(Set<Path> entries) throws IOException {
    var mounts = new ArrayList<Mount>();
    Path base = spec.root() instanceof Root.Image image ? image.tree() : Path.of("/");
    for (Path part : HostFiles.mounted(entries)) {
      mounts.add(bind(part, "/" + base.relativize(part), true));
    }
    spec.workspace().ifPresent(path -> mounts.add(bind(path, WorkbenchSpec.WORKSPACE, false)));
    for (dev.holdfast.workbench.Mount mount : spec.mounts()) {
      boolean readOnly = mount.access() == dev.holdfast.workbench.Mount.Access.READ_ONLY;
      mounts.add(bind(mount.source(), Recipe.targetOf(mount), readOnly));
    }
    if (!ownKernel) {
      mounts.add(terminals());
    }
    return mounts;
  }

  private static Mount bind(Path source, String target, boolean readOnly) {
    return new Mount()
        .withType(MountType.BIND)
        .withSource(source.toString())
        .withTarget(target)
        .withReadOnly(readOnly)
        .withBindOptions(new BindOptions().withPropagation(BindPropagation.R_PRIVATE));
  }

  /** The machine has one table of terminals, and only a mount of its own can have a limit. */
  private Mount terminals() {
    String options =
        "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5,max=" + Recipe.TERMINALS;
    var driver =
        new Driver()
            .withName("local")
            .withOptions(Map.of("type", "devpts", "device", "devpts", "o", options));
    return new Mount()
        .withType(MountType.VOLUME)
        .withTarget("/dev/pts")
        .withVolumeOptions(new VolumeOptions().withNoCopy(true).withDriverConfig(driver));
  }
}
