package dev.holdfast.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.harness.model.Message;
import dev.holdfast.run.Autonomy;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolCall;
import dev.holdfast.tool.ToolError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class WatchTest {
  private final List<Turn> turns = new ArrayList<>();

  private void turn(String tool, String input, Outcome outcome) {
    int number = turns.size() + 1;
    var call =
        new ToolCall(CallIds.of(Rig.RUN, number, 0), tool, JsonMapper.shared().readTree(input));
    var turn =
        new Turn(
            number,
            new Message.Assistant("", List.of(call), Message.Finish.TOOL_CALLS, Optional.empty()));
    turn.ended(call.id(), outcome);
    turns.add(turn);
  }

  private static Outcome json(String output) {
    return new Outcome.Completed(JsonMapper.shared().readTree(output), false);
  }

  private Autonomy judged() {
    return Watch.judge(turns, Set.of("look"), Autonomy.FULL)
        .map(Watch.Verdict::level)
        .orElse(Autonomy.FULL);
  }

  @Test
  void goingRoundInCirclesIsNoProgress() {
    for (int i = 0; i < 3; i++) {
      turn("look", "{\"at\":1}", TestGate.says("a"));
      turn("change", "{\"at\":2}", TestGate.says("b"));
    }
    assertThat(judged()).isEqualTo(Autonomy.PROPOSE_ONLY);
  }

  @Test
  void theSameCallWithAnotherResultIsProgress() {
    for (int i = 0; i < 9; i++) {
      turn("look", "{\"at\":1}", TestGate.says("a" + i));
    }
    assertThat(judged()).isEqualTo(Autonomy.FULL);
  }

  @Test
  void aDifferenceInTimeAloneIsNoProgress() {
    for (int i = 0; i < 5; i++) {
      turn("shell", "{}", json("{\"stdout\":\"x\",\"duration_millis\":" + i + "}"));
    }
    assertThat(judged()).isEqualTo(Autonomy.READ_ONLY);
  }

  @Test
  void toolsThatDoNotWorkTakeAutonomyAway() {
    for (int i = 0; i < 7; i++) {
      var error = new ToolError(ErrorCode.UNAVAILABLE, "gone " + i, "wait");
      turn("shell", "{\"n\":" + i + "}", new Outcome.Failed(error));
      assertThat(judged())
          .isEqualTo(
              i < 2
                  ? Autonomy.FULL
                  : i < 4 ? Autonomy.PROPOSE_ONLY : i < 6 ? Autonomy.READ_ONLY : Autonomy.STOPPED);
    }
  }

  @Test
  void testsThatChangeTheirMindFlake() {
    turn("run_tests", "{}", json("{\"passed\":3,\"failed\":0}"));
    turn("look", "{}", TestGate.says("a"));
    turn("run_tests", "{}", json("{\"passed\":2,\"failed\":1}"));

    assertThat(judged()).isEqualTo(Autonomy.PROPOSE_ONLY);
  }

  @Test
  void testsThatDifferAfterAChangeDoNotFlake() {
    turn("run_tests", "{}", json("{\"passed\":3,\"failed\":0}"));
    turn("change", "{}", TestGate.says("a"));
    turn("run_tests", "{}", json("{\"passed\":2,\"failed\":1}"));

    assertThat(judged()).isEqualTo(Autonomy.FULL);
  }

  @Test
  void aLevelThatIsReachedIsNotAskedForAgain() {
    for (int i = 0; i < 3; i++) {
      turn("look", "{}", TestGate.says("a"));
    }
    assertThat(Watch.judge(turns, Set.of(), Autonomy.PROPOSE_ONLY)).isEmpty();
  }
}
