package dev.holdfast.tool;

/** Why a tool call did not do what was asked: the whole, fixed set that models and machines see. */
public enum ErrorCode {
  UNKNOWN_TOOL,
  INVALID_INPUT,
  NOT_FOUND,
  OUTSIDE_WORKSPACE,
  CONFLICT,
  NOT_ALLOWED,
  APPROVAL_DENIED,
  BUDGET_EXHAUSTED,
  DEGRADED,
  TIMED_OUT,
  OUTPUT_EXCEEDED,
  OUT_OF_MEMORY,
  DISK_FULL,
  COMMAND_FAILED,
  INTERRUPTED,
  UNAVAILABLE,
  INTERNAL
}
