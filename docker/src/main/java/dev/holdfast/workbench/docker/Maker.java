package dev.holdfast.workbench.docker;

import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;

/** How a kind of daemon is told to make a container, and what is made on the host beside it. */
interface Maker {
  /** The daemon's id of the container, and what it warned of. */
  record Made(String container, Iterable<String> warnings) {}

  /** Makes a container that is not started yet. */
  Made make(Order order) throws IOException;

  /** Removes what a workbench had beside its container, which is gone already. */
  void clear(WorkbenchId id) throws IOException;

  /** The same for every workbench whose maker is dead. */
  void reap() throws IOException;
}
