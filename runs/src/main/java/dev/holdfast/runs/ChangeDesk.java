package dev.holdfast.runs;

import dev.holdfast.actor.UserId;
import dev.holdfast.digest.Sha256;
import dev.holdfast.run.ApprovalId;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunEvent.ChangeSubmitted;
import dev.holdfast.run.RunId;
import dev.holdfast.run.RunState;
import dev.holdfast.run.StopReason;
import dev.holdfast.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where a submitted change waits, and is accepted or rejected by a person. */
final class ChangeDesk {
  private final EventLog log;

  ChangeDesk(EventLog log) {
    this.log = log;
  }

  /** Asks for approval of a submitted change and stops the run until there is one. */
  void ask(RunId run, ChangeSubmitted change, String policyVersion) {
    log.append(
        run,
        List.of(
            new RunEvent.ApprovalAsked(
                ApprovalId.random(), "change: " + change.title(), binding(change, policyVersion)),
            new RunEvent.Stopped(StopReason.AWAITING_APPROVAL, change.title())));
  }

  /**
   * Accepts the submitted change: commits it and hands it over as the run's branch. The approval is
   * recorded first, and the commit follows from it to the last bit: one that is interrupted
   * half-way can be repeated, by whomever, and makes and publishes the same commit.
   *
   * @throws RunRefused when nothing is submitted, or the workspace is not what was submitted
   */
  RunEvent.Committed approve(RunState state, Workspace workspace, UserId by, String comment) {
    var change = waiting(state);
    var now = workspace.change();
    if (!now.hash().equals(change.changeHash())) {
      throw new RunRefused(
          "the workspace of run `%s` changed after its change was submitted: resume the run, so that it is submitted again"
              .formatted(state.id()));
    }
    var binding = binding(change, state.policyVersion());
    var given =
        approvalOf(state.id(), binding)
            .orElseGet(
                () -> {
                  var approval = new RunEvent.ApprovalGiven(approval(state), binding, by, comment);
                  log.append(state.id(), approval);
                  return approvalOf(state.id(), binding).orElseThrow();
                });
    var message = message(state, change, given.by());
    var commit = workspace.commit(now, message, "Holdfast <holdfast@localhost>", given.at());
    workspace.publish(commit);
    var committed = new RunEvent.Committed(commit, workspace.branch());
    log.append(
        state.id(),
        List.of(committed, new RunEvent.Stopped(StopReason.DONE, "committed as " + commit)));
    return committed;
  }

  /** Rejects the submitted change; the workspace stays as it is. */
  void reject(RunState state, UserId by, String comment) {
    var binding = binding(waiting(state), state.policyVersion());
    approvalOf(state.id(), binding)
        .ifPresent(
            given -> {
              throw new RunRefused(
                  "the change of run `%s` was approved by `%s`, and may be published: `holdfast approve` finishes it"
                      .formatted(state.id(), given.by()));
            });
    log.append(
        state.id(),
        List.of(
            new RunEvent.ApprovalDenied(approval(state), binding, by, comment),
            new RunEvent.Stopped(StopReason.REJECTED, comment)));
  }

  /** An approval that is on record. */
  private record Given(UserId by, Instant at) {}

  /** The first approval of the change that was submitted last. */
  private Optional<Given> approvalOf(RunId run, String binding) {
    var found = Optional.<Given>empty();
    for (var event : log.read(run, 0).reversed()) {
      if (event.event() instanceof ChangeSubmitted) {
        break;
      }
      if (event.event() instanceof RunEvent.ApprovalGiven(_, String bound, UserId by, _)
          && bound.equals(binding)) {
        found = Optional.of(new Given(by, event.at()));
      }
    }
    return found;
  }

  private static ChangeSubmitted waiting(RunState state) {
    if (state.committed().isPresent()) {
      throw new RunRefused(
          "the change of run `%s` is committed already, as `%s`"
              .formatted(state.id(), state.committed().get().commit()));
    }
    return state
        .submitted()
        .orElseThrow(
            () -> new RunRefused("run `%s` has no submitted change".formatted(state.id())));
  }

  private static ApprovalId approval(RunState state) {
    return state.waitingFor().map(RunEvent.ApprovalAsked::approval).orElseGet(ApprovalId::random);
  }

  private static String message(RunState state, ChangeSubmitted change, UserId by) {
    return "%s\n\n%s\n\nHoldfast-Run: %s\nOn-Behalf-Of: %s\nApproved-By: %s\n"
        .formatted(
            change.title().lines().findFirst().orElse("Change"),
            change.description().strip(),
            state.id(),
            state.intake().user(),
            by);
  }

  /**
   * Hashes exactly what is approved: the change, its evidence, and the policy it was made under.
   */
  private static String binding(ChangeSubmitted change, String policyVersion) {
    return Sha256.hex(
        String.join("\n", change.changeHash(), change.evidence().value(), policyVersion));
  }
}
