package dev.holdfast.run;

import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.Meter;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.Outcome;
import dev.holdfast.workbench.Placement;
import dev.holdfast.workspace.CheckpointId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run's log says of it: the state after its last event. Nothing here is stored anywhere
 * else.
 *
 * @param placement where its workbenches are made; the container layer in logs from before there
 *     were others
 * @param policyVersion the policy set that decides: that of its intake, or of a later resumption
 * @param used what its calls and answers used, and the time that processes executed it
 * @param turns how often the model was asked
 * @param outcomes of every call that has ended
 * @param unfinished calls that were decided on and have no recorded end, in order
 * @param checkpoint the saved state that the workspace had when the last call ended
 * @param submitted the change that the agent proposed last, since its last model answer
 * @param waitingFor the approval that was asked for and not answered
 * @param stopped why it does not go on; empty while it does, or after a crash
 */
public record RunState(
    RunId id,
    Intake intake,
    Autonomy autonomy,
    Placement placement,
    String policyVersion,
    Amounts budget,
    Amounts used,
    int turns,
    Map<CallId, Outcome> outcomes,
    List<RunEvent.Decided> unfinished,
    Optional<CheckpointId> checkpoint,
    Optional<RunEvent.ChangeSubmitted> submitted,
    Optional<RunEvent.ApprovalAsked> waitingFor,
    Optional<RunEvent.Stopped> stopped,
    Optional<RunEvent.Committed> committed,
    long lastSeq) {

  /**
   * Computes the state from all the events of a run, in order.
   *
   * @throws EventLogException when the log does not begin with an opening
   */
  public static RunState of(List<RecordedEvent> events) {
    if (events.isEmpty()
        || !(events.getFirst().event() instanceof RunEvent.Opened(Intake intake))) {
      throw new EventLogException("a run's log must begin with its opening");
    }
    var fold = new Fold(events.getFirst().run(), intake, events.getFirst().at());
    events.forEach(fold::apply);
    return fold.state(events.getLast().seq());
  }

  /** Adds up the events. */
  private static final class Fold {
    private final RunId id;
    private final Intake intake;
    private Autonomy autonomy = Autonomy.FULL;
    private Placement placement = Placement.DEFAULT;
    private String policyVersion;
    private Amounts budget;
    private Amounts used = Amounts.NONE;
    private int turns;
    private final Map<CallId, Outcome> outcomes = new LinkedHashMap<>();
    private final Map<CallId, RunEvent.Decided> open = new LinkedHashMap<>();
    private Optional<CheckpointId> checkpoint = Optional.empty();
    private Optional<RunEvent.ChangeSubmitted> submitted = Optional.empty();
    private Optional<RunEvent.ApprovalAsked> waitingFor = Optional.empty();
    private Optional<RunEvent.Stopped> stopped = Optional.empty();
    private Optional<RunEvent.Committed> committed = Optional.empty();

    /** When the present process picked the run up, and when it was last heard of. */
    private Instant began;

    private Instant last;
    private Duration wall = Duration.ZERO;

    Fold(RunId id, Intake intake, Instant opened) {
      this.began = opened;
      this.last = opened;
      this.id = id;
      this.intake = intake;
      this.budget = intake.budget();
      this.policyVersion = intake.policyVersion();
    }

    void apply(RecordedEvent recorded) {
      if (recorded.event() instanceof RunEvent.Opened
          || recorded.event() instanceof RunEvent.Resumed) {
        wall = wall.plus(Duration.between(began, last));
        began = recorded.at();
      }
      last = recorded.at();
      apply(recorded.event());
    }

    private void apply(RunEvent event) {
      switch (event) {
        case RunEvent.Opened _ -> {}
        case RunEvent.Resumed resumed -> {
          budget = resumed.budget();
          stopped = Optional.empty();
          waitingFor = Optional.empty();
        }
        case RunEvent.PolicyChanged changed -> policyVersion = changed.to();
        case RunEvent.Placed(var workload, var layer, var reason, var image) ->
            placement = new Placement(workload, layer, reason, image);
        case RunEvent.Prompted prompted -> turns = Math.max(turns, prompted.turn());
        case RunEvent.Answered answered -> {
          used = used.plus(answered.used());
          submitted = Optional.empty();
        }
        case RunEvent.ModelFailed _ -> {}
        case RunEvent.Decided decided -> open.put(decided.call().id(), decided);
        case RunEvent.Ended ended -> {
          open.remove(ended.call());
          outcomes.put(ended.call(), ended.outcome());
          used = used.plus(ended.used());
        }
        case RunEvent.Checkpointed saved -> checkpoint = Optional.of(saved.checkpoint());
        case RunEvent.RolledBack back -> checkpoint = Optional.of(back.checkpoint());
        case RunEvent.ApprovalAsked asked -> waitingFor = Optional.of(asked);
        case RunEvent.ApprovalGiven _, RunEvent.ApprovalDenied _ -> waitingFor = Optional.empty();
        case RunEvent.QuestionAsked _, RunEvent.QuestionAnswered _ -> {}
        case RunEvent.ChangeSubmitted change -> submitted = Optional.of(change);
        case RunEvent.Committed commit -> committed = Optional.of(commit);
        case RunEvent.AutonomyChanged changed -> autonomy = changed.to();
        case RunEvent.TakenOver _, RunEvent.HandedBack _, RunEvent.ActRefused _ -> {}
        case RunEvent.Stopped stop -> stopped = Optional.of(stop);
      }
    }

    RunState state(long lastSeq) {
      return new RunState(
          id,
          intake,
          autonomy,
          placement,
          policyVersion,
          budget,
          used.plus(
              Amounts.of(Meter.WALL_MILLIS, wall.plus(Duration.between(began, last)).toMillis())),
          turns,
          Map.copyOf(outcomes),
          new ArrayList<>(open.values()),
          checkpoint,
          submitted,
          waitingFor,
          stopped,
          committed,
          lastSeq);
    }
  }
}
