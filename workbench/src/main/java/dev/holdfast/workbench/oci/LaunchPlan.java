package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.WorkbenchException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps that the launcher takes before it becomes the runtime ({@code guest/launch/launch.c}
 * says what each does). Everything is mounted below {@link #BASE} of the launcher's own mount
 * namespace, where nobody else ever sees it.
 */
final class LaunchPlan {
  /** A directory that every host has; what it holds is hidden from the runtime only. */
  static final String BASE = "/mnt";

  /** The part of the bundle where the runtime keeps its state. */
  static final String STATE_NAME = "oci";

  /** Where the runtime finds its bundle. */
  static final String BUNDLE = BASE + "/bundle";

  /** The node of the one device that a container may have beside the harmless ones. */
  static final String DEVICE = BASE + "/device/node";

  /** Where the runtime keeps its state. */
  static final String STATE = BUNDLE + "/" + STATE_NAME;

  /** The root file system of the workbench. */
  static final String ROOT = BASE + "/root";

  /** What a workbench goes on from, or is saved to. */
  static final String CHECKPOINT = BASE + "/checkpoint";

  /** The runtime's program, where nothing can write to it. */
  static final String RUNTIME = BASE + "/runtime";

  private final List<String> steps = new ArrayList<>();

  List<String> steps() {
    return List.copyOf(steps);
  }

  /** A new control group. */
  LaunchPlan group(Path path) {
    return step("group", path.toString());
  }

  LaunchPlan set(Path controlFile, String value) {
    return step("set", controlFile.toString(), value);
  }

  /** A v2 group that everything from here on is born in. */
  LaunchPlan beBornIn(Path group) {
    return step("born", group.toString());
  }

  /** A v1 group that the launcher moves to. */
  LaunchPlan join(Path group) {
    return step("join", group.toString());
  }

  /** From here on a child works that does not hold the lock. */
  LaunchPlan guard() {
    return step("guard");
  }

  /** The runtime's standard input is a connection to a socket of the bundle's directory. */
  LaunchPlan connect(String name) {
    return step("connect", "bundle/" + name);
  }

  LaunchPlan hide(Path mountPoint) {
    return step("hide", mountPoint.toString());
  }

  LaunchPlan ownNetwork() {
    return step("net");
  }

  /**
   * The file system that everything else is made in. The runtime's program is seen there read-only:
   * a runtime that finds itself writable makes a copy of itself first and starts once more.
   */
  LaunchPlan base(Path bundle, Path runtime) {
    step("base", BASE);
    step("file", "runtime").step("bind", runtime.toString(), "runtime", "rsd");
    step("dir", "bundle").step("bind", bundle.toString(), "bundle", "sd");
    return step("dir", "root").step("tmpfs", "root", "sd", "size=256k,nr_inodes=512,mode=755");
  }

  /** The root is an overlay: {@code lower}, and what is changed goes to {@code upper}. */
  LaunchPlan overlay(Path lower, Path upper, Path work) {
    String flags = AgentIds.ROOTLESS ? "sdu" : "sd";
    return step("overlay", "root", lower.toString(), upper.toString(), work.toString(), flags);
  }

  /** Beside the root, in the one file system of the base where a device's node counts. */
  LaunchPlan device(Device device) {
    step("dir", "device").step("tmpfs", "device", "sx", "size=4k,nr_inodes=4,mode=755");
    return step(
        "device",
        "device/node",
        Integer.toString(device.major()),
        Integer.toString(device.minor()),
        Integer.toString(AgentIds.OWNER));
  }

  /** An empty directory of the root. */
  LaunchPlan directory(String target) {
    return step("dir", inRoot(target));
  }

  LaunchPlan link(String target, String value) {
    return step("link", inRoot(target), value);
  }

  LaunchPlan tmpfs(String target, String flags, String options) {
    return directory(target).step("tmpfs", inRoot(target), flags, options);
  }

  LaunchPlan bindDirectory(Path source, String target, String flags) {
    return directory(target).step("bind", source.toString(), inRoot(target), flags);
  }

  LaunchPlan bindFile(Path source, String target, String flags) {
    return step("file", inRoot(target)).bindOver(source, target, flags);
  }

  /** Over something that is already there. */
  LaunchPlan bindOver(Path source, String target, String flags) {
    return step("bind", source.toString(), inRoot(target), flags);
  }

  LaunchPlan seal(String target) {
    return step("seal", target.equals("/") ? "root" : inRoot(target));
  }

  LaunchPlan mount(Mount mount) {
    Path target = targetOf(mount);
    String flags = flagsOf(mount);
    return java.nio.file.Files.isDirectory(mount.source())
        ? bindDirectory(mount.source(), target.toString(), flags)
        : bindFile(mount.source(), target.toString(), flags);
  }

  /** Beside the root, at {@code name} below the base, for a runtime that mounts it itself. */
  LaunchPlan beside(Path source, String name, String flags) {
    step(java.nio.file.Files.isDirectory(source) ? "dir" : "file", name);
    return step("bind", source.toString(), name, flags);
  }

  /**
   * Beside the root, a directory whose only entry, {@link RootTree#ENTRY}, is {@code source}. Only
   * root of the workbench looks into it.
   */
  LaunchPlan entryBeside(Path source, String name, AgentIds ids) {
    String owner = "uid=%d,gid=%d".formatted(ids.hostUid(0), ids.hostGid(0));
    step("dir", name).step("tmpfs", name, "sd", "size=4k,nr_inodes=8,mode=700," + owner);
    return beside(source, name + "/" + RootTree.ENTRY, "sd").step("seal", name);
  }

  /** Something for the runtime to mount over. */
  LaunchPlan mountPoint(Mount mount) {
    String target = targetOf(mount).toString();
    return java.nio.file.Files.isDirectory(mount.source())
        ? directory(target)
        : step("file", inRoot(target));
  }

  static String flagsOf(Mount mount) {
    return mount.access() == Mount.Access.READ_ONLY ? "rsd" : "sd";
  }

  /** Where a mount goes; what the workbench itself is made of cannot be covered. */
  static Path targetOf(Mount mount) {
    Path target = Path.of(mount.target()).normalize();
    for (String taken : List.of("/proc", "/dev", "/run", "/workspace", "/etc", "/usr", "/sys")) {
      if (target.startsWith(taken) || target.getNameCount() == 0) {
        throw new WorkbenchException(
            "mount target `%s` is not allowed: `%s` belongs to the workbench itself"
                .formatted(mount.target(), taken));
      }
    }
    return target;
  }

  /** Shown to the runtime, not to the workbench. */
  LaunchPlan checkpoint(Path directory, Mount.Access access) {
    return beside(directory, "checkpoint", access == Mount.Access.READ_ONLY ? "rsdx" : "sdx");
  }

  private static String inRoot(String target) {
    return "root/" + target.substring(1);
  }

  private LaunchPlan step(String... words) {
    steps.addAll(List.of(words));
    return this;
  }
}
