package dev.holdfast.policy;

import java.util.List;

/**
 * One answer of the policy.
 *
 * @param policies ids of the policies that determined it; empty when nothing permitted
 * @param reasons each one's explanation, for people and models
 */
public record Verdict(boolean permitted, List<String> policies, List<String> reasons) {
  public Verdict {
    policies = List.copyOf(policies);
    reasons = List.copyOf(reasons);
  }
}
