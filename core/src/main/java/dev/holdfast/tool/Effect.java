package dev.holdfast.tool;

/** What a tool may do to the world. */
public enum Effect {
  /** Looks at the workspace. */
  READ,
  /** Changes the workspace. */
  WRITE,
  /** Runs a program in the workbench. */
  EXECUTE,
  /** Reaches beyond the workbench. */
  NETWORK,
  /** Talks to a person. */
  ASK
}
