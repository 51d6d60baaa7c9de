package dev.holdfast.harness;

import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolCall;
import dev.holdfast.tool.ToolDefinition;
import java.util.List;

/** The tool gate, as the loop sees it. Thread-safe: calls that only read come concurrently. */
public interface ToolPort {
  /** The tools that the agent may be offered. */
  List<ToolDefinition> definitions();

  /**
   * Passes a call through the gate. A call with an id that was called before is the same call.
   *
   * @throws dev.holdfast.budget.BudgetExhausted when the run must stop
   * @throws InterruptedException when the thread was interrupted while it waited
   */
  Outcome call(ToolCall call) throws InterruptedException;
}
