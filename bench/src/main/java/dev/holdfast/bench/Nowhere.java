package dev.holdfast.bench;

import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;

/** What a call that needs no process is given: a workbench and workspace that fail when used. */
final class Nowhere implements WorkbenchEngine {
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
    throw new WorkbenchException("a call without a process was to be measured");
  }

  @Override
  public void close() {}
}
