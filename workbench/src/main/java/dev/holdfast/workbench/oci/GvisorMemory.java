package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.checkpoint.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The memory of gVisor's workbenches, saved and continued by {@code runsc}. The guest's channel is
 * the sandbox's standard input, which {@code runsc} gives anew to one that goes on: to the guest it
 * is the same descriptor, with another host at its end.
 */
record GvisorMemory(Container container, GvisorRuntime runtime, Continuation continuation)
    implements Memory {
  /**
   * Beside what {@code runsc} saves: the workspace was the entry of a mount, and has to be again.
   */
  private static final String AS_ENTRY = "workspace-is-an-entry";

  /** Makes a workbench that goes on from saved memory. */
  @FunctionalInterface
  interface Continuation {
    Workbench make(GvisorRuntime runtime, WorkbenchSpec spec, Path from, int lastStream);
  }

  @Override
  public boolean holdsStill() {
    return true;
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
    if (GvisorConfig.isAsEntry(container.configuration(spec.id()))) {
      Files.createFile(into.resolve(AS_ENTRY));
    }
  }

  @Override
  public Workbench restore(WorkbenchSpec spec, Path from, int lastStream) {
    boolean asEntry = Files.exists(from.resolve(AS_ENTRY));
    return continuation.make(
        asEntry ? runtime.withWorkspaceAsEntry() : runtime, spec, from, lastStream);
  }
}
