package dev.holdfast.policy.cedar;

/** A policy uses something that only the engine can evaluate. */
final class NotCompilable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotCompilable(String what) {
    super("`%s` is evaluated by the engine only".formatted(what), null, false, false);
  }
}
