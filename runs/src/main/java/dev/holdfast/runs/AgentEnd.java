package dev.holdfast.runs;

import dev.holdfast.run.StopReason;

/** How an agent's work on a task ended. What it says of itself is never taken as evidence. */
public sealed interface AgentEnd {
  /** It submitted its change. */
  record Submitted(String title, String description) implements AgentEnd {}

  /** It did not. */
  record Stopped(StopReason reason, String detail) implements AgentEnd {}
}
