package dev.holdfast.tool.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.budget.BudgetExhausted;
import dev.holdfast.budget.Meter;
import dev.holdfast.run.EventLogException;
import dev.holdfast.run.RunEvent;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolFault;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ToolGateTest {
  private final GateFixture world = new GateFixture();

  @Test
  void recordsTheDecisionThenTheOutcomeWithItsCheckpoint() {
    assertThat(call("c-1", "{\"by\":1}")).isInstanceOf(Outcome.Completed.class);
    assertThat(world.events)
        .hasExactlyElementsOfTypes(
            RunEvent.Decided.class, RunEvent.Ended.class, RunEvent.Checkpointed.class);
  }

  @Test
  void doesNothingWhenTheDecisionCannotBeRecorded() {
    world.logFails = true;
    assertThatThrownBy(() -> call("c-1", "{\"by\":1}")).isInstanceOf(EventLogException.class);
    assertThat(world.effects).hasValue(0);
  }

  @Test
  void answersACallThatHasEndedWithItsOutcomeAndDoesNothing() throws Exception {
    var session = world.session();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        threads.execute(() -> world.gate().call(session, GateFixture.call("c-1", "{\"by\":1}")));
      }
    }
    assertThat(world.effects).hasValue(1);
    assertThat(world.events).hasSize(3);
  }

  @Test
  void refusesWhatThePolicyForbids() {
    world.permitted = false;
    assertRefused(call("c-1", "{\"by\":1}"), ErrorCode.NOT_ALLOWED);
  }

  @Test
  void refusesInputsThatTheSchemaDoesNotAllow() {
    assertRefused(call("c-1", "{\"by\":\"many\"}"), ErrorCode.INVALID_INPUT);
  }

  @Test
  void stopsAtWhatTheBudgetDoesNotCover() {
    world.callsAllowed = 1;
    var session = world.session();
    world.gate().call(session, GateFixture.call("c-1", "{\"by\":1}"));
    int recorded = world.events.size();
    assertThatThrownBy(() -> world.gate().call(session, GateFixture.call("c-2", "{\"by\":1}")))
        .isInstanceOf(BudgetExhausted.class);
    assertThat(world.events).hasSize(recorded);
    assertThat(world.effects).hasValue(1);
    assertThat(session.ledger().used().get(Meter.TOOL_CALLS)).isEqualTo(1);
  }

  @Test
  void runsWhatAPersonApproves() {
    needsApproval(new Answer.Approved(""));
    assertThat(call("c-1", "{\"by\":1}")).isInstanceOf(Outcome.Completed.class);
    assertThat(world.asked).hasSize(1);
  }

  @Test
  void refusesWhatAPersonDeniesOrNobodyAnswers() {
    needsApproval(new Answer.Denied("not today"));
    assertRefused(call("c-1", "{\"by\":1}"), ErrorCode.APPROVAL_DENIED);
    needsApproval(new Answer.Nobody("away"));
    assertRefused(call("c-2", "{\"by\":1}"), ErrorCode.APPROVAL_DENIED);
  }

  @Test
  void refusesWhatIsNoLongerWhatWasApproved() {
    needsApproval(new Answer.Approved(""));
    world.duringApproval = () -> world.state = "changed";
    assertRefused(call("c-1", "{\"by\":1}"), ErrorCode.CONFLICT);
  }

  @Test
  void turnsADefectOfAToolIntoAFailure() {
    world.defect = Optional.of(new IllegalStateException("oops"));
    assertFailed(call("c-1", "{\"by\":1}"), ErrorCode.INTERNAL);
  }

  @Test
  void passesATimeOutOnWithWhatWasSaid() {
    world.defect =
        Optional.of(new ToolFault(ErrorCode.TIMED_OUT, "too long", "make it shorter", "so far"));
    assertThat(call("c-1", "{\"by\":1}"))
        .isEqualTo(new Outcome.TimedOut(Duration.ofMinutes(2), "so far"));
  }

  @Test
  void failsAToolThatAnswersAgainstItsOwnSchema() {
    world.output = "42";
    assertFailed(call("c-1", "{\"by\":1}"), ErrorCode.INTERNAL);
  }

  @Test
  void clipsAnOutputThatWouldFloodTheModel() {
    world.output = "\"" + "x".repeat(1 << 20) + "\"";
    assertThat(call("c-1", "{\"by\":1}"))
        .isInstanceOfSatisfying(
            Outcome.Completed.class,
            completed -> {
              assertThat(completed.clipped()).isTrue();
              assertThat(completed.output().toString().length()).isLessThan(33 << 10);
            });
  }

  @Test
  void aPersonWhoTakesOverHoldsTheAgentsNextCallBack() throws Exception {
    var session = world.session();
    var agent = new Thread(() -> world.gate().call(session, GateFixture.call("c-1", "{\"by\":1}")));
    session.whilePersonActs(
        () -> {
          agent.start();
          waitUntilBlocked(agent);
          assertThat(world.effects).hasValue(0);
        });
    agent.join();
    assertThat(world.effects).hasValue(1);
  }

  private static void waitUntilBlocked(Thread thread) {
    for (int i = 0; i < 500 && thread.getState() != Thread.State.WAITING; i++) {
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    assertThat(thread.getState()).isEqualTo(Thread.State.WAITING);
  }

  private void needsApproval(Answer answer) {
    world.permitted = false;
    world.permittedOnceApproved = true;
    world.answer = answer;
  }

  private Outcome call(String id, String input) {
    return world.gate().call(world.session(), GateFixture.call(id, input));
  }

  private void assertRefused(Outcome outcome, ErrorCode code) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refused.class, it -> assertThat(it.error().code()).isEqualTo(code));
    assertThat(world.effects).hasValue(0);
  }

  private static void assertFailed(Outcome outcome, ErrorCode code) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class, it -> assertThat(it.error().code()).isEqualTo(code));
  }
}
