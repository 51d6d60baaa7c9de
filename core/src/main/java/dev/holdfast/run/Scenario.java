package dev.holdfast.run;

/** How a person works with the agent. */
public enum Scenario {
  /** The person watches and is asked. */
  ASSIST,
  /** The person gave a task and comes back for the result. */
  AUTONOMOUS
}
