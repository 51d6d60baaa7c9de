package dev.holdfast.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.actor.Account;
import dev.holdfast.actor.AgentId;
import dev.holdfast.actor.UserId;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.RiskTier;
import dev.holdfast.run.RunId;
import dev.holdfast.run.Scenario;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.Decision;
import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolCall;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.tool.ToolLimits;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DecisionMakerTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final RunId RUN = new RunId("r-1");

  @Test
  void permitsWhatThePolicyPermitsWithoutLookingAtTheWorkspace() {
    var decision =
        new DecisionMaker(new Fixed(true, true))
            .decide(
                request(),
                call("{}"),
                () -> {
                  throw new AssertionError("not needed");
                });
    assertThat(decision).isInstanceOf(Decision.Permit.class);
  }

  @Test
  void needsApprovalForWhatOnlyAnApprovalWouldPermit() {
    assertThat(decide("{}", "state")).isInstanceOf(Decision.NeedsApproval.class);
  }

  @Test
  void forbidsWhatAnApprovalWouldNotPermitEither() {
    var decision =
        new DecisionMaker(new Fixed(false, false)).decide(request(), call("{}"), () -> "");
    assertThat(decision).isInstanceOf(Decision.Forbid.class);
  }

  @Test
  void bindsAnApprovalToInputAndWorkspaceButNotToTheOrderOfProperties() {
    var approved = decide("{\"a\":1,\"b\":2}", "state");
    assertThat(decide("{\"b\":2,\"a\":1}", "state")).isEqualTo(approved);
    assertThat(decide("{\"a\":1,\"b\":3}", "state")).isNotEqualTo(approved);
    assertThat(decide("{\"a\":1,\"b\":2}", "other")).isNotEqualTo(approved);
  }

  private static Decision decide(String input, String state) {
    return new DecisionMaker(new Fixed(false, true)).decide(request(), call(input), () -> state);
  }

  private static ToolCall call(String input) {
    return new ToolCall(new CallId("c-1"), "shell", JSON.readTree(input));
  }

  private static PolicyRequest request() {
    var schema = JSON.readTree("{}");
    var tool =
        new ToolDefinition(
            "shell",
            "1.0.0",
            "",
            schema,
            schema,
            List.of(),
            Set.of(),
            false,
            true,
            "",
            ToolLimits.DEFAULT,
            List.of());
    return new PolicyRequest(
        RUN,
        new UserId("ada"),
        Account.local("shop", AgentId.BUILT_IN),
        Scenario.ASSIST,
        RiskTier.LOW,
        Autonomy.FULL,
        0,
        tool,
        Reach.NOTHING);
  }

  private record Fixed(boolean asItIs, boolean withApproval) implements PolicyDecider {
    @Override
    public String version() {
      return "v1";
    }

    @Override
    public Verdict decide(PolicyRequest request, boolean approved) {
      return new Verdict(approved ? withApproval : asItIs, List.of(), List.of());
    }

    @Override
    public Verdict decide(ActRequest request) {
      throw new UnsupportedOperationException("calls only");
    }
  }
}
