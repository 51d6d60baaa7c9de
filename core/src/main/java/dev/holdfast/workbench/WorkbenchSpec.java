package dev.holdfast.workbench;

import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a workbench shall be.
 *
 * @param id its id; the lease on disk, the cgroup and the host name are named after it
 * @param workspace the directory of the host that appears, writable, at {@link #WORKSPACE}; it must
 *     be owned by the unprivileged host id of {@link WorkbenchEngine#owner()}. Empty: a bounded
 *     tmpfs
 * @param mounts what else is visible
 * @param env the environment of every execution, before {@link ExecSpec#env()} is added
 * @param root the system inside
 * @param saves the most that its checkpoints may hold. Some layers pay for memory with slower
 *     files, and others save it always
 */
public record WorkbenchSpec(
    WorkbenchId id,
    Optional<Path> workspace,
    List<Mount> mounts,
    Caps caps,
    Map<String, String> env,
    Root root,
    Content saves) {
  /** Where the workspace is, inside. */
  public static final String WORKSPACE = "/workspace";

  public WorkbenchSpec {
    mounts = List.copyOf(mounts);
    env = Map.copyOf(env);
  }

  /** Of which files are saved. */
  public WorkbenchSpec(
      WorkbenchId id,
      Optional<Path> workspace,
      List<Mount> mounts,
      Caps caps,
      Map<String, String> env,
      Root root) {
    this(id, workspace, mounts, caps, env, root, Content.FILES);
  }

  /** On the host's own system. */
  public WorkbenchSpec(
      WorkbenchId id,
      Optional<Path> workspace,
      List<Mount> mounts,
      Caps caps,
      Map<String, String> env) {
    this(id, workspace, mounts, caps, env, new Root.Host());
  }

  /** A fresh workbench with the default caps over {@code workspace}. */
  public static WorkbenchSpec over(Path workspace, Caps caps) {
    return new WorkbenchSpec(
        WorkbenchId.random(), Optional.of(workspace), List.of(), caps, Map.of());
  }

  /** A fresh workbench without a workspace: nothing in it outlives it. */
  public static WorkbenchSpec empty(Caps caps) {
    return new WorkbenchSpec(WorkbenchId.random(), Optional.empty(), List.of(), caps, Map.of());
  }

  /** The same over another workspace. */
  public WorkbenchSpec in(Path other) {
    return new WorkbenchSpec(id, Optional.of(other), mounts, caps, env, root, saves);
  }

  /** The same on another system. */
  public WorkbenchSpec on(Root other) {
    return new WorkbenchSpec(id, workspace, mounts, caps, env, other, saves);
  }

  /** The same, whose checkpoints may hold that much. */
  public WorkbenchSpec saving(Content most) {
    return new WorkbenchSpec(id, workspace, mounts, caps, env, root, most);
  }
}
