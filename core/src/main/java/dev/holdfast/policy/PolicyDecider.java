package dev.holdfast.policy;

/** Decides on tool calls, and on what people do to runs. Thread-safe. */
public interface PolicyDecider {
  /** Names the loaded policy set: a hash over its texts and schema. */
  String version();

  /**
   * Decides a call as it is, or as it would be once a person has approved it. An error while
   * deciding, a policy's own too, is a refusal.
   */
  Verdict decide(PolicyRequest request, boolean approved);

  /** Decides a person's own act. An error while deciding is a refusal. */
  Verdict decide(ActRequest request);
}
