package dev.holdfast.store;

import dev.holdfast.run.BlobId;
import dev.holdfast.run.RunEvent;
import java.util.List;

/** Which payloads an event names. */
final class Payloads {
  private Payloads() {}

  static List<BlobId> of(RunEvent event) {
    return switch (event) {
      case RunEvent.Prompted prompted -> prompted.messages();
      case RunEvent.Answered answered -> List.of(answered.message());
      case RunEvent.ChangeSubmitted change -> List.of(change.diff(), change.evidence());
      case RunEvent.Opened _,
          RunEvent.Resumed _,
          RunEvent.ModelFailed _,
          RunEvent.Decided _,
          RunEvent.Ended _,
          RunEvent.Checkpointed _,
          RunEvent.RolledBack _,
          RunEvent.ApprovalAsked _,
          RunEvent.ApprovalGiven _,
          RunEvent.ApprovalDenied _,
          RunEvent.QuestionAsked _,
          RunEvent.QuestionAnswered _,
          RunEvent.Committed _,
          RunEvent.AutonomyChanged _,
          RunEvent.Placed _,
          RunEvent.ActRefused _,
          RunEvent.PolicyChanged _,
          RunEvent.TakenOver _,
          RunEvent.HandedBack _,
          RunEvent.Stopped _ ->
          List.of();
    };
  }
}
