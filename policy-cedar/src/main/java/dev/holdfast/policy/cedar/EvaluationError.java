package dev.holdfast.policy.cedar;

/** Cedar's evaluation of an expression fails; only the fact matters, not where. */
final class EvaluationError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EvaluationError() {
    super("the expression cannot be evaluated", null, false, false);
  }
}
