package dev.holdfast.harness;

import dev.holdfast.run.StopReason;
import dev.holdfast.tool.Outcome;

/** Why a loop ended. It is for the caller to record it. */
public sealed interface LoopEnd {
  /** The agent proposed its change, and the gate let it. */
  record Submitted(Outcome.Completed outcome) implements LoopEnd {}

  /** The model ended its turn without a call. */
  record Finished(String text) implements LoopEnd {}

  /** The run cannot go on by itself. */
  record Halted(StopReason reason, String detail) implements LoopEnd {}
}
