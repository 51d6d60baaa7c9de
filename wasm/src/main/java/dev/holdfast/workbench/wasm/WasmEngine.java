package dev.holdfast.workbench.wasm;

import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Capability;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.NotOnThisLayer;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchSpec;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Workbenches in this process: files in memory, and WebAssembly modules among them as the only
 * programs. A workspace is copied in; what programs change in it stays inside.
 */
public final class WasmEngine implements WorkbenchEngine {
  private final Runner runner = new Runner();
  private final Set<WasmWorkbench> open = ConcurrentHashMap.newKeySet();

  @Override
  public Layer layer() {
    return Layer.WASM;
  }

  @Override
  public int owner() {
    return AgentIds.OWNER;
  }

  @Override
  public Workbench create(WorkbenchSpec spec) {
    if (!spec.mounts().isEmpty() || !(spec.root() instanceof Root.Host)) {
      throw new NotOnThisLayer(Layer.WASM, Capability.ROOTS, "images and no mounts");
    }
    var tree = new FileTree(Math.min(spec.caps().memoryBytes(), WorkspaceCopy.MOST_BYTES), true);
    spec.workspace().ifPresent(workspace -> WorkspaceCopy.into(tree, workspace));
    var workbench = new WasmWorkbench(runner, spec, tree, open::remove);
    open.add(workbench);
    return workbench;
  }

  @Override
  public void close() {
    open.forEach(Workbench::close);
  }
}
