package dev.holdfast.budget;

/** What budgets count. */
public enum Meter {
  INPUT_TOKENS,
  OUTPUT_TOKENS,
  /** Millionths of a US dollar. */
  MICRO_USD,
  TOOL_MILLIS,
  WALL_MILLIS,
  TOOL_CALLS,
  /** Turns of the agent's loop. */
  ITERATIONS,
  /** Model calls that were tried again. */
  RETRIES
}
