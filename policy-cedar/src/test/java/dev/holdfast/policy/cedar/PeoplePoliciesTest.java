package dev.holdfast.policy.cedar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.actor.Account;
import dev.holdfast.actor.AgentId;
import dev.holdfast.actor.UserId;
import dev.holdfast.budget.Amounts;
import dev.holdfast.policy.Act;
import dev.holdfast.policy.ActRequest;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.Intake;
import dev.holdfast.run.RiskTier;
import dev.holdfast.run.RunId;
import dev.holdfast.run.Scenario;
import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.WorkspaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people may do to runs. The run here acts for ada. */
class PeoplePoliciesTest {
  @TempDir Path directory;

  static ActRequest act(String by, Act act, RiskTier risk, Autonomy autonomy, String... changed) {
    var intake =
        new Intake(
            new UserId("ada"),
            Account.local("shop", AgentId.BUILT_IN),
            Scenario.ASSIST,
            risk,
            "task",
            "task",
            "script:x",
            "v1",
            Amounts.NONE,
            "/repo",
            new WorkspaceId("s-1"),
            new CommitId("0".repeat(40)),
            "holdfast/r-1");
    return new ActRequest(
        new UserId(by), act, new RunId("r-1"), intake, autonomy, 0, List.of(changed));
  }

  private static ActRequest act(String by, Act act) {
    return act(by, act, RiskTier.LOW, Autonomy.FULL);
  }

  @ParameterizedTest
  @EnumSource
  void theOneTheRunActsForMayAndNobodyElse(Act act) {
    var policy = CedarPolicy.defaults();
    assertThat(policy.decide(act("ada", act)).policies()).containsExactly("permit.owner");
    assertThat(policy.decide(act("ada", act)).permitted()).isTrue();
    assertThat(policy.decide(act("grace", act)).permitted()).isFalse();
    // What stops an agent does not keep its person out.
    var stopped = act("ada", act, RiskTier.HIGH, Autonomy.STOPPED, ".github/workflows/ci.yml");
    assertThat(policy.decide(stopped).permitted()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void compiledPoliciesAnswerAsTheEngineDoes(Act act) {
    var loaded = PolicyLoader.load(List.of(), List.of());
    var compiled = CompiledPolicies.of(loaded.json()).orElseThrow();
    for (var by : List.of("ada", "grace")) {
      var question = Questions.of(act(by, act, RiskTier.LOW, Autonomy.FULL, "src/a", ".env"));
      var answer = loaded.engine().evaluate(question);
      assertThat(answer.errors()).isEmpty();
      assertThat(compiled.evaluate(question)).isEqualTo(answer);
    }
  }

  @Test
  void aPolicyMayLetOthersApprove() throws IOException {
    write(
        "permit (principal == User::\"grace\", action == Action::\"approve\", resource in Project::\"local/local/shop\");");
    var policy = CedarPolicy.load(List.of(directory));
    assertThat(policy.decide(act("grace", Act.APPROVE)).permitted()).isTrue();
    assertThat(policy.decide(act("grace", Act.TAKEOVER)).permitted()).isFalse();
    assertThatThrownBy(() -> CedarPolicy.load(List.of(), List.of(directory)))
        .hasMessageContaining("only forbid");
  }

  @Test
  void oneRuleForbidsAgentsAndPeopleAlike() throws IOException {
    write(
        "forbid (principal, action, resource) when { context.writes.paths.contains(\"LICENSE\") };");
    var policy = CedarPolicy.load(List.of(), List.of(directory));
    assertThat(policy.decide(Requests.write("LICENSE"), true).permitted()).isFalse();
    var change = act("ada", Act.APPROVE, RiskTier.LOW, Autonomy.FULL, "./LICENSE", "src/a");
    assertThat(policy.decide(change).permitted()).isFalse();
    assertThat(policy.decide(act("ada", Act.APPROVE)).permitted()).isTrue();
  }

  @Test
  void whatNeedsAnApprovalHasItWhenAPersonActs() throws IOException {
    write(
        "forbid (principal, action, resource) when { context.writes.kinds.contains(\"ci\") } unless { context.approved };");
    var policy = CedarPolicy.load(List.of(directory));
    var change = act("ada", Act.APPROVE, RiskTier.LOW, Autonomy.FULL, ".travis.yml");
    assertThat(policy.decide(change).permitted()).isTrue();
  }

  @Test
  void anAgentHasNoActsOfPeople() throws IOException {
    write("permit (principal is Agent, action == Action::\"approve\", resource);");
    assertThatThrownBy(() -> CedarPolicy.load(List.of(directory)))
        .isInstanceOf(PolicyException.class);
  }

  private void write(String policy) throws IOException {
    Files.writeString(
        directory.resolve("x.cedar"), "@id(\"mine\")\n@reason(\"because\")\n" + policy + "\n");
  }
}
