package dev.holdfast.workbench;

import java.nio.file.Path;

/**
 * A workbench that was started ahead of its use. No agent's program has ever run in it, only its
 * guest and what the layer itself tries it with.
 */
public interface Standby extends AutoCloseable {
  /** Whether its guest still answers. */
  boolean alive();

  /**
   * Gives it a workspace, and with that to its only user. Once only.
   *
   * @param workspace as in {@link WorkbenchSpec#workspace()}
   * @throws WorkbenchException when that fails; the workbench is ended then
   */
  Workbench claim(Path workspace);

  /** Ends it unused. */
  @Override
  void close();
}
