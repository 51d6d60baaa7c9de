package dev.holdfast.testkit.workbench;

/** Where a layer truly differs from the others; each is documented in {@code docs/layers.md}. */
public enum Difference {
  /**
   * A program that goes beyond the memory cap takes the whole workbench with it: the memory of all
   * programs belongs to one process of the host.
   */
  MEMORY_CAP_ENDS_THE_WORKBENCH,

  /** The server that brings the workspace in refuses to make fifos there; elsewhere they work. */
  NO_FIFOS_IN_THE_WORKSPACE,

  /**
   * The agent has inside the id that it has on the host: no user namespace stands between it and
   * the host's ids.
   */
  NO_USER_NAMESPACE,
}
