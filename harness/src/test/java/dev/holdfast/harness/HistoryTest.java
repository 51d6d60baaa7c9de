package dev.holdfast.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.actor.UserId;
import dev.holdfast.budget.Amounts;
import dev.holdfast.harness.model.Message;
import dev.holdfast.run.ApprovalId;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.StopReason;
import dev.holdfast.workspace.CheckpointId;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens beside the loop reaches the model in the right place. */
class HistoryTest {
  private static final UserId ADA = new UserId("ada");

  @TempDir Path directory;
  private final Rig rig = new Rig();

  private void happens(RunEvent event) {
    rig.log.append(Rig.RUN, event);
  }

  @Test
  void aPersonWhoSendsAFinishedRunOnIsHeard() {
    var model =
        Rig.script(
            directory,
            """
            turns:
              - calls: [{tool: submit_change}]
              - expect: [{result: 0, contains: submitted}, {contains: "name it better"}]
                text: "All right."
            """);
    assertThat(rig.run(model)).isInstanceOf(LoopEnd.Submitted.class);
    happens(new RunEvent.Stopped(StopReason.AWAITING_APPROVAL, ""));
    happens(new RunEvent.ApprovalDenied(ApprovalId.random(), "b", ADA, "name it better"));
    happens(new RunEvent.Resumed(ADA, Amounts.NONE));

    assertThat(rig.run(model)).isEqualTo(new LoopEnd.Finished("All right."));
  }

  @Test
  void aTakeoverBetweenTurnsIsToldToTheModel() {
    rig.listener =
        new LoopListener() {
          @Override
          public void turnStarts(int turn) {
            if (turn == 2) {
              happens(new RunEvent.TakenOver(ADA));
              happens(new RunEvent.HandedBack(ADA, "I fixed the header"));
            }
          }
        };
    var end =
        rig.run(
            Rig.script(
                directory,
                """
                turns:
                  - calls: [{tool: look, input: {at: a}}]
                  - expect: [{contains: "looked at a"}, {contains: "I fixed the header"}]
                    calls: [{tool: submit_change}]
                """));

    assertThat(end).isInstanceOf(LoopEnd.Submitted.class);
  }

  @Test
  void aNoteInTheMiddleOfATurnWaitsForItsResults() {
    rig.gate.add(
        "change",
        dev.holdfast.tool.Effect.WRITE,
        _ -> {
          happens(new RunEvent.RolledBack(new CheckpointId(1), "a person asked for it"));
          return TestGate.says("changed");
        });
    rig.run(
        Rig.script(
            directory,
            """
            turns:
              - calls: [{tool: change, input: {at: a}}, {tool: look, input: {at: b}}]
              - calls: [{tool: submit_change}]
            """));

    var conversation = History.rebuild(rig.log.events(), rig.log).conversation();
    assertThat(conversation.get(3)).isInstanceOf(Message.ToolResults.class);
    assertThat(conversation.get(4))
        .isInstanceOfSatisfying(
            Message.User.class, note -> assertThat(note.text()).contains("rolled back"));
  }
}
