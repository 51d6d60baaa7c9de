package dev.holdfast.policy;

/** What a person does to a run. */
public enum Act {
  /** Accepts its change, or lets a call go on that needs a person. */
  APPROVE,
  /** Turns either down. */
  REJECT,
  /** Works in its workbench while the agent waits. */
  TAKEOVER,
  /** Takes its workspace back to a saved state. */
  ROLLBACK
}
