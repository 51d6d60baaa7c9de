package dev.holdfast.runs;

import dev.holdfast.actor.UserId;
import dev.holdfast.budget.Ledger;
import dev.holdfast.policy.Act;
import dev.holdfast.policy.ActRequest;
import dev.holdfast.policy.PolicyDecider;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunState;
import dev.holdfast.tool.gate.RunSession;
import dev.holdfast.workspace.Change;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where people's acts on runs are decided, by the same rules as agents' calls. */
final class ActDesk {
  private final PolicyDecider policy;
  private final EventLog log;

  ActDesk(PolicyDecider policy, EventLog log) {
    this.policy = policy;
    this.log = log;
  }

  /**
   * Goes on when the policy permits the act.
   *
   * @throws RunRefused when it does not; that is recorded
   */
  void require(RunState run, UserId by, Act act) {
    require(request(run, by, act, List.of()));
  }

  /** As {@link #require(RunState, UserId, Act)}, for the approval of a change. */
  void requireApproval(RunState run, UserId by, Change change) {
    var paths = change.files().stream().map(Change.ChangedFile::path).toList();
    require(request(run, by, Act.APPROVE, paths));
  }

  private void require(ActRequest request) {
    refusal(request)
        .ifPresent(
            why -> {
              throw new RunRefused(why);
            });
  }

  /** Why the person may not, in a run that this process executes; recorded when so. */
  Optional<String> refusal(RunSession run, UserId by, Act act) {
    return refusal(
        new ActRequest(
            by,
            act,
            run.id(),
            run.intake(),
            run.autonomy(),
            run.ledger().usedPercent(),
            List.of()));
  }

  private Optional<String> refusal(ActRequest request) {
    var verdict = policy.decide(request);
    if (verdict.permitted()) {
      return Optional.empty();
    }
    var act = request.act().name().toLowerCase(Locale.ROOT);
    log.append(
        request.run(),
        new RunEvent.ActRefused(request.by(), act, verdict.policies(), verdict.reasons()));
    return Optional.of(
        "the policy does not allow `%s` to %s run `%s`: %s"
            .formatted(request.by(), act, request.run(), String.join("; ", verdict.reasons())));
  }

  private static ActRequest request(RunState run, UserId by, Act act, List<String> changed) {
    var ledger = Ledger.of(run.id().value(), run.budget(), run.used());
    return new ActRequest(
        by, act, run.id(), run.intake(), run.autonomy(), ledger.usedPercent(), changed);
  }
}
