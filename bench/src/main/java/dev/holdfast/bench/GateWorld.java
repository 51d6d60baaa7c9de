package dev.holdfast.bench;

import dev.holdfast.actor.Account;
import dev.holdfast.actor.AgentId;
import dev.holdfast.actor.UserId;
import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.Ledger;
import dev.holdfast.policy.DecisionMaker;
import dev.holdfast.policy.cedar.CedarPolicy;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.Intake;
import dev.holdfast.run.RiskTier;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import dev.holdfast.run.Scenario;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.Tool;
import dev.holdfast.tool.gate.Answer;
import dev.holdfast.tool.gate.ApprovalRequest;
import dev.holdfast.tool.gate.Person;
import dev.holdfast.tool.gate.RunSession;
import dev.holdfast.tool.gate.ToolGate;
import dev.holdfast.tool.registry.InputCheck;
import dev.holdfast.tool.registry.ToolRegistry;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.Workspace;
import dev.holdfast.workspace.WorkspaceId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** The tool gate with the default policies, as the product wires it, for runs that are measured. */
final class GateWorld {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final CedarPolicy policy = CedarPolicy.defaults();
  private final ToolGate gate;

  GateWorld(Collection<? extends Tool> tools) {
    gate = new ToolGate(new ToolRegistry(tools), new InputCheck(), new DecisionMaker(policy));
  }

  ToolGate gate() {
    return gate;
  }

  /** A run with limits on every meter, its opening recorded. */
  RunSession open(EventLog log, Workspace workspace, WorkbenchEngine engine) {
    var run = RunId.random();
    var budget = new Amounts(limits());
    var intake =
        new Intake(
            new UserId("bench"),
            Account.local("bench", AgentId.BUILT_IN),
            Scenario.AUTONOMOUS,
            RiskTier.LOW,
            "measure",
            "measure",
            "script:none",
            policy.version(),
            budget,
            "/bench",
            WorkspaceId.random(),
            new CommitId(COMMIT),
            "holdfast/" + run);
    log.append(run, new RunEvent.Opened(intake));
    var ledger = Ledger.of(run.value(), budget, Amounts.NONE);
    var parts =
        new RunSession.Parts(log, ledger, workspace, engine, Caps.DEFAULT, new NobodyThere());
    return new RunSession(run, intake, parts, Autonomy.FULL, Map.of());
  }

  private static Map<dev.holdfast.budget.Meter, Long> limits() {
    var limits =
        new java.util.EnumMap<dev.holdfast.budget.Meter, Long>(dev.holdfast.budget.Meter.class);
    for (var meter : dev.holdfast.budget.Meter.values()) {
      limits.put(meter, 1L << 50);
    }
    return limits;
  }

  /** Approves nothing: a measured call must need no approval. */
  private static final class NobodyThere implements Person {
    @Override
    public Answer approve(RunSession run, ApprovalRequest request) {
      return new Answer.Nobody("this is a measurement");
    }

    @Override
    public Optional<String> ask(RunSession run, CallId call, String question) {
      return Optional.empty();
    }

    @Override
    public void progress(RunSession run, CallId call, String text) {}
  }
}
