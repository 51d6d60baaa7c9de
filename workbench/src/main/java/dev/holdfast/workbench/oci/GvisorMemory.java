package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.checkpoint.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The memory of gVisor's workbenches, saved and continued by {@code runsc}. The guest's channel is
 * the sandbox's standard input, which {@code runsc} gives anew to one that goes on: to the guest it
 * is the same descriptor, with another host at its end.
 */
record GvisorMemory(Container container, Starter runtime, Continuation continuation)
    implements Memory {
  /** Makes a workbench that goes on from saved memory. */
  @FunctionalInterface
  interface Continuation {
    Workbench make(WorkbenchSpec spec, Path from, int lastStream);
  }

  @Override
  public void save(WorkbenchSpec spec, Path into) throws IOException {
    container.order(
        runtime,
        spec.id(),
        List.of(
            "checkpoint",
            "--leave-running",
            "--image-path",
            LaunchPlan.CHECKPOINT,
            spec.id().value()),
        Optional.of(into));
  }

  @Override
  public Workbench restore(WorkbenchSpec spec, Path from, int lastStream) {
    return continuation.make(spec, from, lastStream);
  }

  /**
   * Gives a workbench that goes on names of its own, as only somebody with rights over its kernel
   * can. The program is the guest's, which nobody inside can change, and runs as a user that nobody
   * inside is.
   */
  static void renew(Container container, Starter runtime, WorkbenchId id) throws IOException {
    String name = id.value();
    container.order(
        runtime,
        id,
        List.of(
            "exec",
            "--user",
            "0:0",
            "--cap",
            "CAP_SYS_ADMIN",
            name,
            RootTree.GUEST,
            "--renew",
            name),
        Optional.empty());
  }
}
