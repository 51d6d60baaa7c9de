package dev.holdfast.testkit.workbench;

import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.WorkbenchEngine;

/** An engine that makes its workbenches with another one, differently. */
public interface Wrapped extends WorkbenchEngine {
  /** The other one. */
  WorkbenchEngine engine();

  @Override
  default Layer layer() {
    return engine().layer();
  }

  @Override
  default int owner() {
    return engine().owner();
  }

  @Override
  default void close() {
    engine().close();
  }
}
