package dev.holdfast.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.actor.UserId;
import dev.holdfast.budget.Amounts;
import dev.holdfast.image.Digest;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.Decision;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolCall;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Workload;
import dev.holdfast.workspace.CheckpointId;
import dev.holdfast.workspace.CommitId;
import java.util.List;
import java.util.Optional;

/** Everything that can happen in a run. A state that a run can have is computed from these. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunEvent.Opened.class, name = "opened"),
  @JsonSubTypes.Type(value = RunEvent.Resumed.class, name = "resumed"),
  @JsonSubTypes.Type(value = RunEvent.Placed.class, name = "placed"),
  @JsonSubTypes.Type(value = RunEvent.PolicyChanged.class, name = "policy_changed"),
  @JsonSubTypes.Type(value = RunEvent.Prompted.class, name = "prompted"),
  @JsonSubTypes.Type(value = RunEvent.Answered.class, name = "answered"),
  @JsonSubTypes.Type(value = RunEvent.ModelFailed.class, name = "model_failed"),
  @JsonSubTypes.Type(value = RunEvent.Decided.class, name = "decided"),
  @JsonSubTypes.Type(value = RunEvent.Ended.class, name = "ended"),
  @JsonSubTypes.Type(value = RunEvent.Checkpointed.class, name = "checkpointed"),
  @JsonSubTypes.Type(value = RunEvent.RolledBack.class, name = "rolled_back"),
  @JsonSubTypes.Type(value = RunEvent.ApprovalAsked.class, name = "approval_asked"),
  @JsonSubTypes.Type(value = RunEvent.ApprovalGiven.class, name = "approval_given"),
  @JsonSubTypes.Type(value = RunEvent.ApprovalDenied.class, name = "approval_denied"),
  @JsonSubTypes.Type(value = RunEvent.QuestionAsked.class, name = "question_asked"),
  @JsonSubTypes.Type(value = RunEvent.QuestionAnswered.class, name = "question_answered"),
  @JsonSubTypes.Type(value = RunEvent.ChangeSubmitted.class, name = "change_submitted"),
  @JsonSubTypes.Type(value = RunEvent.Committed.class, name = "committed"),
  @JsonSubTypes.Type(value = RunEvent.AutonomyChanged.class, name = "autonomy_changed"),
  @JsonSubTypes.Type(value = RunEvent.ActRefused.class, name = "act_refused"),
  @JsonSubTypes.Type(value = RunEvent.TakenOver.class, name = "taken_over"),
  @JsonSubTypes.Type(value = RunEvent.HandedBack.class, name = "handed_back"),
  @JsonSubTypes.Type(value = RunEvent.Stopped.class, name = "stopped"),
})
public sealed interface RunEvent {
  /** The run was accepted; always the first event. */
  record Opened(Intake intake) implements RunEvent {}

  /** A process picked the run up again. */
  record Resumed(UserId by, Amounts budget) implements RunEvent {}

  /** From now on the run's workbenches are made on this layer, of this image if there is one. */
  record Placed(Workload workload, Layer layer, String reason, Optional<Digest> image)
      implements RunEvent {}

  /** From here on another policy set decides than before. */
  record PolicyChanged(String from, String to) implements RunEvent {}

  /** The model was asked. {@code messages} are the whole prompt, system prompt first. */
  record Prompted(int turn, String model, List<BlobId> messages, Amounts held)
      implements RunEvent {}

  /** The model answered; {@code used} is what the answer cost. */
  record Answered(int turn, String model, BlobId message, Amounts used) implements RunEvent {}

  /** The model did not answer. */
  record ModelFailed(int turn, String model, String error, boolean retriable) implements RunEvent {}

  /** A tool call was decided on; recorded before anything happens. */
  record Decided(ToolCall call, Decision decision, Amounts held) implements RunEvent {}

  /** A tool call ended. */
  record Ended(CallId call, Outcome outcome, Amounts used) implements RunEvent {}

  /** The workspace was saved. */
  record Checkpointed(CheckpointId checkpoint, String label) implements RunEvent {}

  /** The workspace went back to a saved state. */
  record RolledBack(CheckpointId checkpoint, String why) implements RunEvent {}

  /** A person must approve; {@code binding} hashes exactly what. */
  record ApprovalAsked(ApprovalId approval, String subject, String binding) implements RunEvent {}

  record ApprovalGiven(ApprovalId approval, String binding, UserId by, String comment)
      implements RunEvent {}

  record ApprovalDenied(ApprovalId approval, String binding, UserId by, String comment)
      implements RunEvent {}

  /** The agent asked the person. */
  record QuestionAsked(CallId call, String question) implements RunEvent {}

  record QuestionAnswered(CallId call, UserId by, String answer) implements RunEvent {}

  /** The agent proposes its change, with the evidence for it. */
  record ChangeSubmitted(
      String title, String description, String changeHash, BlobId diff, BlobId evidence)
      implements RunEvent {}

  /** The approved change became a commit on a branch of the user's repository. */
  record Committed(CommitId commit, String branch) implements RunEvent {}

  record AutonomyChanged(Autonomy from, Autonomy to, String why) implements RunEvent {}

  /** The policy did not let a person {@code act}, which did nothing. */
  record ActRefused(UserId by, String act, List<String> policies, List<String> reasons)
      implements RunEvent {
    public ActRefused {
      policies = List.copyOf(policies);
      reasons = List.copyOf(reasons);
    }
  }

  /** A person works in the workbench; the agent waits. */
  record TakenOver(UserId by) implements RunEvent {}

  record HandedBack(UserId by, String note) implements RunEvent {}

  /** The run does not go on by itself. */
  record Stopped(StopReason reason, String detail) implements RunEvent {}
}
