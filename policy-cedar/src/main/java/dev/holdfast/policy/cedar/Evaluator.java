package dev.holdfast.policy.cedar;

/** Answers questions from one policy set. Thread-safe. */
interface Evaluator {
  Answer evaluate(Question question);
}
