package dev.holdfast.runs;

import dev.holdfast.budget.Amounts;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunEvent.Decided;
import dev.holdfast.run.RunState;
import dev.holdfast.tool.Decision;
import dev.holdfast.tool.Effect;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.tool.ToolError;
import dev.holdfast.tool.gate.RunSession;
import dev.holdfast.tool.registry.ToolRegistry;
import java.util.EnumSet;
import java.util.Optional;

/**
 * Makes a run whose process died fit to go on: of a call that was decided on and has no recorded
 * end, nobody knows how far it came.
 *
 * <ul>
 *   <li>A call that only looks is made again.
 *   <li>A call whose effects a rollback undoes is undone, and made again.
 *   <li>Of any other call, the person is asked; without an answer it counts as interrupted and is
 *       never made again.
 * </ul>
 */
final class Recovery {
  private static final EnumSet<Effect> LOOKS = EnumSet.of(Effect.READ, Effect.ASK);

  private final ToolRegistry registry;

  Recovery(ToolRegistry registry) {
    this.registry = registry;
  }

  void recover(RunSession run, RunState state) {
    boolean undo = false;
    for (var call : state.unfinished()) {
      if (waitsForApproval(call, state)) {
        continue;
      }
      var tool = definition(call);
      if (tool.isPresent() && LOOKS.containsAll(tool.get().effects())) {
        continue;
      }
      undo = true;
      if (tool.isEmpty() || !tool.get().reversible()) {
        settleUnknown(run, call);
      }
    }
    if (undo && state.checkpoint().isPresent()) {
      run.rollback(state.checkpoint().get(), "undoes calls that a crash interrupted");
    }
  }

  /** Nothing has happened yet when the last thing known is that a person was asked. */
  private static boolean waitsForApproval(Decided call, RunState state) {
    return call.decision() instanceof Decision.NeedsApproval needed
        && state.waitingFor().filter(asked -> asked.binding().equals(needed.binding())).isPresent();
  }

  private Optional<ToolDefinition> definition(Decided call) {
    return switch (registry.resolve(call.call().tool())) {
      case ToolRegistry.Found(var tool) -> Optional.of(tool.definition());
      case ToolRegistry.Unknown _ -> Optional.empty();
    };
  }

  private static void settleUnknown(RunSession run, Decided call) {
    var answer =
        run.person()
            .ask(
                run,
                call.call().id(),
                "a crash interrupted `%s %s`: nobody knows whether it took effect. What do you know of it?"
                    .formatted(call.call().tool(), call.call().input()));
    var error =
        new ToolError(
            ErrorCode.INTERRUPTED,
            "the call was interrupted and its outcome is unknown"
                + answer.map(known -> "; the person says: " + known).orElse(""),
            "find out what happened before you call it again");
    run.append(new RunEvent.Ended(call.call().id(), new Outcome.Failed(error), Amounts.NONE));
  }
}
