package dev.holdfast.workbench;

/** Makes workbenches on one layer. Thread-safe. */
public interface WorkbenchEngine extends AutoCloseable {
  Layer layer();

  /**
   * The numeric host user id (and group id) that uid 1000 inside a workbench is; a workspace must
   * belong to it.
   */
  int owner();

  /**
   * Makes a workbench and waits until its guest answers.
   *
   * @throws WorkbenchException when the layer refuses or the guest does not answer in time; nothing
   *     is left behind then
   */
  Workbench create(WorkbenchSpec spec);

  /** Ends every workbench made by this engine. */
  @Override
  void close();
}
