package dev.holdfast.run;

/**
 * What a run may still do by itself; it only ever goes down, step by step, unless a person lifts
 * it.
 */
public enum Autonomy {
  /** Everything its policy permits. */
  FULL,
  /** It may change its workspace, but nothing that it proposes is accepted without a person. */
  PROPOSE_ONLY,
  /** It may only look. */
  READ_ONLY,
  /** Nothing. */
  STOPPED
}
