package dev.holdfast.workbench;

/** What not every layer's workbenches can do. */
public enum Capability {
  /** Programs on a terminal. */
  TERMINAL,
  /** Signals other than those that end a program. */
  SIGNALS,
  /** Connections from inside to a socket of the host, and from the host to programs inside. */
  RELAYS,
  /** Being told what happens to files. */
  FILE_EVENTS,
  /** Being held still and let go on. */
  PAUSE,
  /** Saving what programs have in memory, so that they go on elsewhere. */
  MEMORY_CHECKPOINTS,
  /** A system to run on other than the layer's own, and mounts. */
  ROOTS
}
