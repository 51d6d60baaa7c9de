package dev.holdfast.workbench;

/** The engine of each layer, opened when it is first needed. Thread-safe. */
@FunctionalInterface
public interface WorkbenchEngines {
  /**
   * The engine of a layer.
   *
   * @throws WorkbenchException when the layer cannot work on this host, with what is missing and
   *     how to get it
   */
  WorkbenchEngine of(Layer layer);
}
