package dev.holdfast.tool.gate;

import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;

/** For tools that need no workbench: making one is a failure. */
final class NoEngine implements WorkbenchEngine {
  @Override
  public Layer layer() {
    return Layer.CONTAINER;
  }

  @Override
  public int owner() {
    return 0;
  }

  @Override
  public Workbench create(WorkbenchSpec spec) {
    throw new WorkbenchException("no workbench was expected");
  }

  @Override
  public void close() {}
}
