package dev.holdfast.tool;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What the policy says of a call. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Decision.Permit.class, name = "permit"),
  @JsonSubTypes.Type(value = Decision.Forbid.class, name = "forbid"),
  @JsonSubTypes.Type(value = Decision.NeedsApproval.class, name = "needs_approval"),
})
public sealed interface Decision {
  /** Ids of the policies that determined it, and the version of the set they are in. */
  Basis basis();

  /** Why a decision is as it is. */
  record Basis(List<String> policies, String policyVersion, List<String> reasons) {
    public Basis {
      policies = List.copyOf(policies);
      reasons = List.copyOf(reasons);
    }
  }

  /** It may run. */
  record Permit(Basis basis) implements Decision {}

  /** It may not run. */
  record Forbid(Basis basis) implements Decision {}

  /** It may run once a person approves exactly this: {@code binding} hashes what they approve. */
  record NeedsApproval(Basis basis, String binding) implements Decision {}
}
