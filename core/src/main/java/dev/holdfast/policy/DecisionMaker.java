package dev.holdfast.policy;

import dev.holdfast.digest.Sha256;
import dev.holdfast.tool.Decision;
import dev.holdfast.tool.ToolCall;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns the policy's two-valued answer into a decision. A call is decided as it is; when that is
 * forbidden, once more as if a person had approved it; when that is permitted, it needs approval.
 */
public final class DecisionMaker {
  private static final JsonMapper CANONICAL =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private final PolicyDecider policy;

  public DecisionMaker(PolicyDecider policy) {
    this.policy = policy;
  }

  /** Names the policy set that decides. */
  public String policyVersion() {
    return policy.version();
  }

  /**
   * Decides a call.
   *
   * @param call with its checked input
   * @param workspaceState a hash over the workspace; asked for only when an approval is bound to it
   */
  public Decision decide(PolicyRequest request, ToolCall call, Supplier<String> workspaceState) {
    var asItIs = policy.decide(request, false);
    if (asItIs.permitted()) {
      return new Decision.Permit(basis(asItIs));
    }
    var approved = policy.decide(request, true);
    if (!approved.permitted()) {
      return new Decision.Forbid(basis(asItIs));
    }
    return new Decision.NeedsApproval(basis(asItIs), binding(request, call, workspaceState.get()));
  }

  private Decision.Basis basis(Verdict verdict) {
    return new Decision.Basis(verdict.policies(), policy.version(), verdict.reasons());
  }

  /** Hashes exactly what a person would approve; each part is preceded by its length. */
  private String binding(PolicyRequest request, ToolCall call, String workspaceState) {
    return Sha256.hexOfParts(
        List.of(
            request.run().value(),
            call.tool(),
            request.tool().version(),
            canonical(call.input()),
            workspaceState,
            policy.version()));
  }

  private static String canonical(JsonNode input) {
    return CANONICAL.writeValueAsString(CANONICAL.treeToValue(input, Object.class));
  }
}
