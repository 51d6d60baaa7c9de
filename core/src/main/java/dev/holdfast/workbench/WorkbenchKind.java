package dev.holdfast.workbench;

import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What two workbenches have in common that are alike but for their workspace: one started ahead of
 * its use can stand in for any of its kind.
 */
public record WorkbenchKind(
    List<Mount> mounts, Caps caps, Map<String, String> env, Root root, Content saves) {
  public WorkbenchKind {
    mounts = List.copyOf(mounts);
    env = Map.copyOf(env);
  }

  /** The kind of a workbench. */
  public static WorkbenchKind of(WorkbenchSpec spec) {
    return new WorkbenchKind(spec.mounts(), spec.caps(), spec.env(), spec.root(), spec.saves());
  }

  /** Another workbench of this kind. */
  public WorkbenchSpec over(Path workspace) {
    return new WorkbenchSpec(
        WorkbenchId.random(), Optional.of(workspace), mounts, caps, env, root, saves);
  }
}
