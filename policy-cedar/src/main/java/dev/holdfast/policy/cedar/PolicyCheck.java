package dev.holdfast.policy.cedar;

import dev.holdfast.policy.ActRequest;
import dev.holdfast.policy.PolicyRequest;
import dev.holdfast.policy.Verdict;
import java.util.List;
import java.util.Map;

/** Says what would happen to a call, and why, without running it. */
public final class PolicyCheck {
  /** What the gate would decide. */
  public enum Decision {
    PERMIT,
    NEEDS_APPROVAL,
    FORBID
  }

  /**
   * A policy that determined an answer.
   *
   * @param from who brings the policy; empty for a refusal that no policy gave
   * @param where file and line; empty for a refusal that no policy gave
   */
  public record Determining(String id, String from, String where, String reason) {}

  /**
   * The result of a check.
   *
   * @param because what determined the decision
   * @param withApproval what would determine it once a person had approved
   * @param facts what the policies were told of the call: the schema's context
   */
  public record Report(
      Decision decision,
      List<Determining> because,
      List<Determining> withApproval,
      Map<String, Object> facts) {}

  private final CedarPolicy policy;

  public PolicyCheck(CedarPolicy policy) {
    this.policy = policy;
  }

  /** Checks one call as the gate would decide it. */
  public Report check(PolicyRequest request) {
    var asItIs = policy.decide(request, false);
    var approved = policy.decide(request, true);
    var decision =
        asItIs.permitted()
            ? Decision.PERMIT
            : approved.permitted() ? Decision.NEEDS_APPROVAL : Decision.FORBID;
    var facts = Questions.of(request, false).context();
    return new Report(decision, determining(asItIs), determining(approved), facts);
  }

  /** Checks a person's act. */
  public Report check(ActRequest request) {
    var verdict = policy.decide(request);
    return new Report(
        verdict.permitted() ? Decision.PERMIT : Decision.FORBID,
        determining(verdict),
        List.of(),
        Questions.of(request).context());
  }

  private List<Determining> determining(Verdict verdict) {
    if (verdict.policies().isEmpty()) {
      return verdict.reasons().stream().map(r -> new Determining("", "", "", r)).toList();
    }
    return verdict.policies().stream().map(this::determining).toList();
  }

  private Determining determining(String id) {
    var loaded = policy.policy(id);
    return loaded == null
        ? new Determining(id, "", "", "it could not be evaluated")
        : new Determining(id, loaded.from().toString(), loaded.where(), loaded.reason());
  }
}
