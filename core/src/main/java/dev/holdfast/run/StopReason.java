package dev.holdfast.run;

/** Why a run is not going on. */
public enum StopReason {
  /** Its change was accepted or there was nothing to accept. */
  DONE,
  /** Its change waits for a person. */
  AWAITING_APPROVAL,
  /** A person rejected its change. */
  REJECTED,
  /** A budget is used up; it can be resumed with more. */
  BUDGET_EXHAUSTED,
  /** The agent gave up or made no progress. */
  GAVE_UP,
  /** The model or a tool that it needs is not available. */
  UNAVAILABLE,
  /** A person stopped it. */
  CANCELLED,
  /** Intake refused the task. */
  REFUSED,
  /** A defect in Holdfast. */
  FAILED
}
