package dev.holdfast.policy.cedar;

/** A compiled Cedar expression. */
@FunctionalInterface
interface Expression {
  /**
   * The expression's value; see {@link Question} for what values are.
   *
   * @throws EvaluationError where Cedar's evaluation fails
   */
  Object evaluate(Question question);
}
