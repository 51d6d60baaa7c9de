package dev.holdfast.workbench;

import java.util.Optional;

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

  /**
   * Starts a workbench ahead of its use; empty on a layer whose workbenches must know their
   * workspace from the start.
   *
   * @throws WorkbenchException as {@link #create}
   */
  default Optional<Standby> standBy(WorkbenchKind kind) {
    return Optional.empty();
  }

  /** A workbench of this kind is about to be asked for: an engine that can starts it now. */
  default void expect(WorkbenchKind kind) {}

  /** Saving and continuing workbenches; empty on a layer that can do neither. */
  default Optional<Checkpoints> checkpoints() {
    return Optional.empty();
  }

  /** Ends every workbench made by this engine. */
  @Override
  void close();
}
