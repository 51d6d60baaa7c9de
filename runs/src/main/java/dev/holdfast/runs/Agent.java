package dev.holdfast.runs;

import dev.holdfast.tool.gate.RunSession;
import dev.holdfast.tool.gate.ToolGate;

/** What works on a run's task: the built-in loop, or someone else's agent. */
public interface Agent {
  /** Works until it submits, stops or may not go on; goes on from where the run's log is. */
  AgentEnd work(RunSession run, ToolGate gate);
}
