package dev.holdfast.policy.cedar;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A policy set as closures: the same answers as the engine's, without its cost. Which policies
 * determine an answer follows Cedar: the forbids that apply, or else the permits.
 */
final class CompiledPolicies implements Evaluator {
  private final List<CompiledPolicy> policies;

  private CompiledPolicies(List<CompiledPolicy> policies) {
    this.policies = policies;
  }

  /** The compiled set; empty when any of its policies needs the engine. */
  static Optional<Evaluator> of(List<PolicyLoader.CompiledSource> sources) {
    try {
      return Optional.of(
          new CompiledPolicies(
              sources.stream().map(s -> CompiledPolicy.of(s.id(), s.json())).toList()));
    } catch (NotCompilable e) {
      return Optional.empty();
    }
  }

  @Override
  public Answer evaluate(Question question) {
    Set<String> permits = new LinkedHashSet<>();
    Set<String> forbids = new LinkedHashSet<>();
    Set<String> errors = new LinkedHashSet<>();
    for (var policy : policies) {
      try {
        if (policy.applies(question)) {
          (policy.permits() ? permits : forbids).add(policy.id());
        }
      } catch (EvaluationError e) {
        errors.add(policy.id());
      }
    }
    var permitted = forbids.isEmpty() && !permits.isEmpty();
    return new Answer(permitted, forbids.isEmpty() ? permits : forbids, errors);
  }
}
