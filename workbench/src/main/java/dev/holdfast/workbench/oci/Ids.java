package dev.holdfast.workbench.oci;

/** The user and group ids of workbenches. */
final class Ids {
  /** The host id that uid 0 inside is: far above what people and services get. */
  static final int FIRST = 0x7000_0000;

  /** How many ids a workbench has, from 0. */
  static final int COUNT = 65_536;

  /** The agent's uid and gid, inside. */
  static final int AGENT = 1000;

  /** The host id that the agent is. */
  static final int OWNER = FIRST + AGENT;

  private Ids() {}
}
