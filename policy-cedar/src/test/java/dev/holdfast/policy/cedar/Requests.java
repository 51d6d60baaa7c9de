package dev.holdfast.policy.cedar;

import dev.holdfast.actor.Account;
import dev.holdfast.actor.AgentId;
import dev.holdfast.actor.UserId;
import dev.holdfast.policy.PolicyRequest;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.RiskTier;
import dev.holdfast.run.RunId;
import dev.holdfast.run.Scenario;
import dev.holdfast.tool.Effect;
import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.tool.ToolLimits;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;

/** Requests as the gate makes them. */
final class Requests {
  private Requests() {}

  static ToolDefinition tool(String name, Effect... effects) {
    var schema = JsonNodeFactory.instance.objectNode();
    return new ToolDefinition(
        name,
        "1.0.0",
        name,
        schema,
        schema,
        List.of(),
        Set.of(effects),
        false,
        true,
        "the workspace",
        ToolLimits.DEFAULT,
        List.of());
  }

  static PolicyRequest shell(String script) {
    return of(tool("shell", Effect.EXECUTE, Effect.READ, Effect.WRITE), Reach.ofScript(script));
  }

  static PolicyRequest read(String... paths) {
    return of(tool("read_file", Effect.READ), Reach.ofPaths(List.of(paths)));
  }

  static PolicyRequest write(String... paths) {
    return of(tool("write_file", Effect.WRITE), Reach.ofPaths(List.of(paths)));
  }

  static PolicyRequest of(ToolDefinition tool, Reach reach) {
    return of(tool, reach, Scenario.ASSIST, RiskTier.LOW, Autonomy.FULL);
  }

  static PolicyRequest of(
      ToolDefinition tool, Reach reach, Scenario scenario, RiskTier risk, Autonomy autonomy) {
    return new PolicyRequest(
        new RunId("r-test"),
        new UserId("ada"),
        Account.local("demo", AgentId.BUILT_IN),
        scenario,
        risk,
        autonomy,
        10,
        tool,
        reach);
  }

  static PolicyRequest withAutonomy(PolicyRequest request, Autonomy autonomy) {
    return of(request.tool(), request.reach(), request.scenario(), request.riskTier(), autonomy);
  }
}
