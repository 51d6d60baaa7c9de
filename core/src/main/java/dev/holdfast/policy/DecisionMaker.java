package dev.holdfast.policy;

import dev.holdfast.tool.Decision;
import dev.holdfast.tool.ToolCall;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      add(digest, request.run().value());
      add(digest, call.tool());
      add(digest, request.tool().version());
      add(digest, canonical(call.input()));
      add(digest, workspaceState);
      add(digest, policy.version());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String canonical(JsonNode input) {
    return CANONICAL.writeValueAsString(CANONICAL.treeToValue(input, Object.class));
  }

  private static void add(MessageDigest digest, String part) {
    var bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }
}
