package dev.holdfast.workbench.checkpoint;

import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Path;

/** What a layer does to save the memory of its workbenches and to go on from it. */
public interface Memory {
  /** Whether {@link #save} holds the workbench still itself; else that is done before. */
  boolean holdsStill();

  /**
   * Saves the memory of a workbench.
   *
   * @param into an empty directory of the host
   * @throws WorkbenchException with the layer's own words when it refuses
   */
  void save(WorkbenchSpec spec, Path into) throws IOException;

  /**
   * Makes a workbench that goes on from there, over files that are as they were.
   *
   * @param from what {@link #save} has filled; it is not changed
   * @param lastStream what the guest has to be greeted with
   * @throws WorkbenchException when it does not start; nothing is left then
   */
  Workbench restore(WorkbenchSpec spec, Path from, int lastStream);
}
