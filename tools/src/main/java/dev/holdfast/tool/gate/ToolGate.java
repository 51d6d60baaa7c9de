package dev.holdfast.tool.gate;

import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.Ledger.Hold;
import dev.holdfast.budget.Meter;
import dev.holdfast.policy.DecisionMaker;
import dev.holdfast.run.RunEvent;
import dev.holdfast.tool.Decision;
import dev.holdfast.tool.Decision.Basis;
import dev.holdfast.tool.Effect;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.Tool;
import dev.holdfast.tool.ToolCall;
import dev.holdfast.tool.ToolError;
import dev.holdfast.tool.registry.InputCheck;
import dev.holdfast.tool.registry.ToolRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The tool gate. {@link #call} is the whole way of a tool call, from top to bottom; nothing an
 * agent does with a tool gets past it. Thread-safe.
 */
public final class ToolGate {
  /** Every call is one call and takes some time; how much is known when it has ended. */
  private static final Amounts PER_CALL =
      new Amounts(Map.of(Meter.TOOL_CALLS, 1L, Meter.TOOL_MILLIS, 0L, Meter.WALL_MILLIS, 0L));

  private final ToolRegistry registry;
  private final InputCheck inputs;
  private final DecisionMaker decisions;
  private final ToolRunner runner;

  public ToolGate(ToolRegistry registry, InputCheck inputs, DecisionMaker decisions) {
    this.registry = registry;
    this.inputs = inputs;
    this.decisions = decisions;
    this.runner = new ToolRunner(inputs);
  }

  /**
   * Passes a call through the gate: drops duplicates, checks the input, decides, holds the budget,
   * records the decision, runs the tool, records the outcome, settles.
   *
   * @return how the call ended; a call whose id has ended before is answered with that outcome and
   *     does nothing
   * @throws dev.holdfast.budget.BudgetExhausted when the budget does not cover the call; nothing is
   *     done or recorded, so that a resumed run makes it then
   * @throws dev.holdfast.run.EventLogException when something could not be recorded; if that was
   *     the decision, nothing has been done
   */
  public Outcome call(RunSession run, ToolCall call) {
    return run.once(call.id(), () -> run.whileAgentActs(() -> checked(run, call)));
  }

  private Outcome checked(RunSession run, ToolCall call) {
    return switch (registry.resolve(call.tool())) {
      case ToolRegistry.Unknown(ToolError error) -> unusable(run, call, error);
      case ToolRegistry.Found(Tool tool) ->
          switch (inputs.check(tool, call.input())) {
            case InputCheck.Invalid(ToolError error) -> unusable(run, call, error);
            case InputCheck.Valid(JsonNode input, List<String> notes) ->
                decided(run, new UsableCall(call, tool, input, notes));
          };
    };
  }

  private Outcome decided(RunSession run, UsableCall call) {
    var request = run.policyRequest(call.tool().definition(), call.reach());
    var decision = decisions.decide(request, call.asChecked(), run::workspaceState);
    return switch (decision) {
      case Decision.Forbid(Basis basis) -> forbidden(run, call.call(), decision, basis);
      case Decision.Permit _ -> budgeted(run, call, decision);
      case Decision.NeedsApproval needed -> budgeted(run, call, needed);
    };
  }

  private Outcome budgeted(RunSession run, UsableCall call, Decision decision) {
    Hold hold = run.ledger().hold(PER_CALL);
    var used = Amounts.NONE;
    try {
      run.append(new RunEvent.Decided(call.call(), decision, hold.amounts()));
      var started = System.nanoTime();
      var outcome = permitted(run, call, decision);
      used = cost(started);
      run.ended(call.call().id(), outcome, used, changesWorkspace(call.tool()));
      return outcome;
    } finally {
      run.ledger().settle(hold, used);
    }
  }

  private Outcome permitted(RunSession run, UsableCall call, Decision decision) {
    if (!(decision instanceof Decision.NeedsApproval needed)) {
      return runner.run(run, call);
    }
    return switch (run.person().approve(run, ApprovalRequest.of(call, needed))) {
      case Answer.Approved _ when stillTheSame(run, call, needed) -> runner.run(run, call);
      case Answer.Approved _ -> new Outcome.Refused(changedMeanwhile());
      case Answer.Denied(String comment) -> new Outcome.Refused(denied(comment));
      case Answer.Nobody(String why) -> new Outcome.Refused(nobody(why));
    };
  }

  /** What was approved must still be what would run: same input, workspace and policy. */
  private boolean stillTheSame(RunSession run, UsableCall call, Decision.NeedsApproval needed) {
    var request = run.policyRequest(call.tool().definition(), call.reach());
    return decisions.decide(request, call.asChecked(), run::workspaceState)
            instanceof Decision.NeedsApproval(_, String binding)
        && binding.equals(needed.binding());
  }

  private Outcome unusable(RunSession run, ToolCall call, ToolError error) {
    var basis = new Basis(List.of(), decisions.policyVersion(), List.of(error.message()));
    return refuse(run, call, new Decision.Forbid(basis), error);
  }

  private static Outcome forbidden(RunSession run, ToolCall call, Decision decision, Basis basis) {
    var error =
        new ToolError(
            ErrorCode.NOT_ALLOWED,
            "the policy does not allow this call: " + String.join("; ", basis.reasons()),
            "do it another way that the policy allows, or ask the person with ask_person");
    return refuse(run, call, decision, error);
  }

  private static Outcome refuse(RunSession run, ToolCall call, Decision decision, ToolError error) {
    var outcome = new Outcome.Refused(error);
    run.append(
        List.of(
            new RunEvent.Decided(call, decision, Amounts.NONE),
            new RunEvent.Ended(call.id(), outcome, Amounts.NONE)));
    return outcome;
  }

  private static Amounts cost(long startedNanos) {
    long millis = Duration.ofNanos(System.nanoTime() - startedNanos).toMillis();
    return Amounts.of(Meter.TOOL_CALLS, 1).with(Meter.TOOL_MILLIS, millis);
  }

  private static boolean changesWorkspace(Tool tool) {
    var effects = tool.definition().effects();
    return effects.contains(Effect.WRITE) || effects.contains(Effect.EXECUTE);
  }

  private static ToolError changedMeanwhile() {
    return new ToolError(
        ErrorCode.CONFLICT,
        "the workspace or the policy changed while the approval was asked for",
        "make the call again, so that a person approves what would really happen");
  }

  private static ToolError denied(String comment) {
    return new ToolError(
        ErrorCode.APPROVAL_DENIED,
        "a person did not approve this call" + (comment.isBlank() ? "" : ": " + comment),
        "respect the decision: do it another way or leave it");
  }

  private static ToolError nobody(String why) {
    return new ToolError(
        ErrorCode.APPROVAL_DENIED,
        "this call needs a person's approval, and nobody can give it now: " + why,
        "do it another way that needs no approval, or say in submit_change what is left to do");
  }
}
