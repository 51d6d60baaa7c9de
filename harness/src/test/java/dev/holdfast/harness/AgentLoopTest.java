package dev.holdfast.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.BudgetExhausted;
import dev.holdfast.budget.Ledger;
import dev.holdfast.budget.Meter;
import dev.holdfast.harness.model.Model;
import dev.holdfast.harness.model.ModelAnswer;
import dev.holdfast.harness.model.ModelFacts;
import dev.holdfast.harness.model.ModelName;
import dev.holdfast.harness.model.ModelRequest;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.StopReason;
import dev.holdfast.tool.Effect;
import dev.holdfast.tool.ToolCall;
import dev.holdfast.tool.ToolDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentLoopTest {
  private static final String TASK =
      """
      turns:
        - text: "I look first."
          calls: [{tool: look, input: {at: a}}, {tool: look, input: {at: b}}]
          usage: {input: 1000, output: 50}
        - expect: [{result: 0, contains: looked at a}, {result: 1, contains: looked at b}]
          calls: [{tool: change, input: {at: a}}]
          usage: {input: 2000, output: 60}
        - expect: [{matches: "^changed"}]
          text: "Done."
          calls: [{tool: submit_change}]
          usage: {input: 3000, output: 70}
      """;

  @TempDir Path directory;
  private final Rig rig = new Rig();

  @Test
  void aTaskRunsToItsSubmission() {
    var end = rig.run(Rig.script(directory, TASK));

    assertThat(end).isInstanceOf(LoopEnd.Submitted.class);
    assertThat(rig.gate.executed())
        .extracting(ToolCall::tool)
        .containsExactlyInAnyOrder("look", "look", "change", "submit_change");
    assertThat(rig.ledger.used().get(Meter.INPUT_TOKENS)).isEqualTo(6000);
    assertThat(rig.ledger.used().get(Meter.ITERATIONS)).isEqualTo(3);
    assertThat(rig.log.all(RunEvent.Answered.class)).hasSize(3);
  }

  @Test
  void aPromptIsRecordedBeforeItsAnswerAndEachMessageIsOneBlob() {
    rig.run(Rig.script(directory, TASK));

    var prompts = rig.log.all(RunEvent.Prompted.class);
    assertThat(prompts.get(1).messages())
        .startsWith(prompts.get(0).messages().toArray(new dev.holdfast.run.BlobId[0]));
    // Two to begin with, an answer and its results per turn; the last turn's results are not sent.
    assertThat(rig.log.blobCount()).isEqualTo(2 + 3 + 2);
  }

  @Test
  void callsThatReadRunAtTheSameTime() {
    var both = new CyclicBarrier(2);
    rig.gate.add(
        "look",
        Effect.READ,
        _ -> {
          try {
            both.await(10, TimeUnit.SECONDS);
            return TestGate.says("looked at a, looked at b");
          } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
          }
        });

    assertThat(rig.run(Rig.script(directory, TASK))).isInstanceOf(LoopEnd.Submitted.class);
  }

  @Test
  void callsThatChangeRunInOrder() {
    rig.run(
        Rig.script(
            directory,
            """
            turns:
              - calls:
                  - {tool: change, input: {at: 1}}
                  - {tool: look, input: {at: 2}}
                  - {tool: change, input: {at: 3}}
                  - {tool: submit_change}
                  - {tool: change, input: {at: 5}}
            """));

    assertThat(rig.gate.executed())
        .extracting(ToolCall::tool)
        .containsExactly("change", "look", "change", "submit_change");
  }

  @Test
  void aModelThatEndsItsTurnEndsTheLoop() {
    var end = rig.run(Rig.script(directory, "turns: [{text: It cannot be done.}]"));

    assertThat(end).isEqualTo(new LoopEnd.Finished("It cannot be done."));
  }

  @Test
  void aScriptWhoseExpectationDoesNotHoldFailsLoudly() {
    var end =
        rig.run(
            Rig.script(
                directory,
                """
                turns:
                  - calls: [{tool: look, input: {at: a}}]
                  - expect: [{contains: something else}]
                    calls: [{tool: submit_change}]
                """));

    assertThat(end)
        .isInstanceOfSatisfying(
            LoopEnd.Halted.class,
            halted -> {
              assertThat(halted.reason()).isEqualTo(StopReason.FAILED);
              assertThat(halted.detail()).contains("something else").contains("looked at a");
            });
  }

  @Test
  void aFailingProviderIsAskedAgainWithGrowingWaits() {
    var end =
        rig.run(
            Rig.script(
                directory,
                "turns: [{fail: {as: overloaded, attempts: 3}, calls: [{tool: submit_change}]}]"));

    assertThat(end).isInstanceOf(LoopEnd.Submitted.class);
    assertThat(rig.pauses).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(rig.pauses.get(i))
          .isBetween(Duration.ofMillis(500L << i), Duration.ofMillis(1000L << i));
    }
    assertThat(rig.log.all(RunEvent.ModelFailed.class)).hasSize(3);
    assertThat(rig.log.all(RunEvent.Answered.class).getFirst().used().get(Meter.RETRIES))
        .isEqualTo(3);
    assertThat(rig.ledger.used().get(Meter.RETRIES)).isEqualTo(3);
  }

  @Test
  void aProviderThatSaysHowLongToWaitIsHeard() {
    rig.run(
        Rig.script(
            directory,
            "turns: [{fail: {as: rate_limited, attempts: 1, retry_after_millis: 7000}, calls: [{tool: submit_change}]}]"));

    assertThat(rig.pauses)
        .singleElement()
        .satisfies(
            wait -> assertThat(wait).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8)));
  }

  @Test
  void aProviderThatIsDownIsReplacedAndTheRunOnlyProposes() {
    var down = Rig.script(directory, "turns: [{fail: {as: unavailable}}]");
    var end = rig.run(down, Rig.script(directory, "turns: [{calls: [{tool: submit_change}]}]"));

    assertThat(end).isInstanceOf(LoopEnd.Submitted.class);
    assertThat(rig.pauses).hasSize(Backoff.ATTEMPTS - 1);
    assertThat(rig.log.all(RunEvent.AutonomyChanged.class))
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.from()).isEqualTo(Autonomy.FULL);
              assertThat(change.to()).isEqualTo(Autonomy.PROPOSE_ONLY);
              assertThat(change.why()).contains(down.name().toString());
            });
  }

  @Test
  void withoutAnyModelTheRunStopsAndAPersonCanTakeItUpAgain() {
    var end = rig.run(Rig.script(directory, "turns: [{fail: {as: unauthorized}}]"));

    assertThat(end)
        .isEqualTo(new LoopEnd.Halted(StopReason.UNAVAILABLE, "simulated: unauthorized"));
    assertThat(rig.pauses).isEmpty();
    var loop = rig.loop(Rig.script(directory, "turns: [{calls: [{tool: submit_change}]}]"));
    assertThat(loop.autonomy()).isEqualTo(Autonomy.STOPPED);
    assertThat(loop.run()).isInstanceOf(LoopEnd.Submitted.class);
    assertThat(loop.autonomy()).isEqualTo(Autonomy.PROPOSE_ONLY);
  }

  @Test
  void theSameCallWithTheSameResultTakesAutonomyAwayStepByStep() {
    var end =
        rig.run(
            Rig.script(
                directory, "turns:\n" + "  - calls: [{tool: look, input: {at: a}}]\n".repeat(20)));

    assertThat(end)
        .isInstanceOfSatisfying(
            LoopEnd.Halted.class,
            halted -> assertThat(halted.reason()).isEqualTo(StopReason.GAVE_UP));
    assertThat(rig.log.all(RunEvent.AutonomyChanged.class))
        .extracting(RunEvent.AutonomyChanged::to)
        .containsExactly(Autonomy.PROPOSE_ONLY, Autonomy.READ_ONLY, Autonomy.STOPPED);
    assertThat(rig.gate.executed()).hasSize(7);
  }

  @Test
  void aModelThatIsNotSureOnlyProposes() {
    rig.run(
        Rig.script(
            directory,
            "turns: [{text: \"UNSURE: the test may be wrong\", calls: [{tool: submit_change}]}]"));

    var events = rig.log.events().stream().map(event -> event.event().getClass()).toList();
    assertThat(events.indexOf(RunEvent.AutonomyChanged.class))
        .isLessThan(events.indexOf(RunEvent.Decided.class))
        .isPositive();
  }

  @Test
  void aBudgetThatIsUsedUpStopsTheRunWhichCanBeResumedWithMore() {
    rig.ledger = Ledger.of("test", Amounts.of(Meter.ITERATIONS, 2), Amounts.NONE);
    var model = Rig.script(directory, TASK);
    var end = rig.run(model);

    assertThat(end)
        .isInstanceOfSatisfying(
            LoopEnd.Halted.class,
            halted -> {
              assertThat(halted.reason()).isEqualTo(StopReason.BUDGET_EXHAUSTED);
              assertThat(halted.detail()).contains("ITERATIONS");
            });
    rig.ledger = Ledger.of("test", Amounts.of(Meter.ITERATIONS, 3), rig.ledger.used());
    assertThat(rig.run(model)).isInstanceOf(LoopEnd.Submitted.class);
    assertThat(rig.gate.executed()).hasSize(4);
  }

  @Test
  void aShortBudgetAsksForAShortAnswerBeforeItRefuses() {
    rig.ledger = Ledger.of("test", Amounts.of(Meter.OUTPUT_TOKENS, 3000), Amounts.NONE);

    assertThat(rig.run(Rig.script(directory, "turns: [{calls: [{tool: submit_change}]}]")))
        .isInstanceOf(LoopEnd.Submitted.class);
    assertThat(rig.log.all(RunEvent.Prompted.class).getFirst().held().get(Meter.OUTPUT_TOKENS))
        .isEqualTo(2048);
  }

  @Test
  void aRefusalThatTheGateDidNotRecordReachesTheModel() {
    var end =
        rig.run(
            Rig.script(
                directory,
                """
                turns:
                  - calls: [{tool: destroy}]
                  - expect: [{contains: "not tried: UNKNOWN_TOOL"}]
                    calls: [{tool: submit_change}]
                """));

    assertThat(end).isInstanceOf(LoopEnd.Submitted.class);
  }

  @Test
  void aConversationLongerThanTheWindowGoesOnWithinIt() throws IOException {
    Files.writeString(
        directory.resolve("models.yaml"),
        "models: [{match: \"script:\", window: 8000, max_output: 1000, input: 1, output: 1}]");
    rig.gate.add("look", Effect.READ, call -> TestGate.says("line of code\n".repeat(500)));
    var turns = new StringBuilder("turns:\n");
    for (int i = 0; i < 30; i++) {
      turns.append("  - {calls: [{tool: look, input: {at: %d}}]}\n".formatted(i));
    }
    var end = rig.run(Rig.script(directory, turns + "  - {calls: [{tool: submit_change}]}\n"));

    assertThat(end).isInstanceOf(LoopEnd.Submitted.class);
    for (var prompt : rig.log.all(RunEvent.Prompted.class)) {
      long bytes = prompt.messages().stream().mapToLong(id -> rig.log.get(id).length).sum();
      assertThat(bytes).isLessThan(7000 * 3);
      assertThat(prompt.held().get(Meter.INPUT_TOKENS)).isLessThan(7000);
    }
  }

  @Test
  void aProviderThatFindsThePromptTooLongGetsAShorterOne() {
    rig.gate.add("look", Effect.READ, call -> TestGate.says("line of code\n".repeat(40_000)));
    rig.run(
        Rig.script(
            directory,
            """
            turns:
              - {calls: [{tool: look, input: {at: a}}]}
              - {fail: {as: context_too_long}}
            """));

    var sizes =
        rig.log.all(RunEvent.Prompted.class).stream()
            .filter(prompt -> prompt.turn() == 2)
            .map(prompt -> prompt.held().get(Meter.INPUT_TOKENS))
            .toList();
    assertThat(sizes).hasSize(4).isSortedAccordingTo(java.util.Comparator.reverseOrder());
    assertThat(sizes.getLast()).isLessThan(sizes.getFirst() / 2);
    assertThat(rig.pauses).isEmpty();
  }

  @Test
  void aBudgetThatEndsInTheMiddleOfATurnLeavesTheRestForLater() {
    var exhausted = new AtomicBoolean(true);
    rig.gate.add(
        "change",
        Effect.WRITE,
        call -> {
          if (call.input().path("at").asInt() == 2 && exhausted.getAndSet(false)) {
            throw new BudgetExhausted("test", Meter.TOOL_CALLS, 1, 1);
          }
          return TestGate.says("changed");
        });
    var model =
        Rig.script(
            directory,
            """
            turns:
              - calls: [{tool: change, input: {at: 1}}, {tool: change, input: {at: 2}}, {tool: submit_change}]
            """);

    assertThat(rig.run(model))
        .isInstanceOfSatisfying(
            LoopEnd.Halted.class,
            halted -> assertThat(halted.reason()).isEqualTo(StopReason.BUDGET_EXHAUSTED));
    assertThat(rig.run(model)).isInstanceOf(LoopEnd.Submitted.class);
    assertThat(rig.gate.executed())
        .extracting(call -> call.input().path("at").asInt(0))
        .containsExactly(1, 2, 2, 0);
  }

  @Test
  void anInterruptCancelsTheRun() throws InterruptedException {
    var model = Rig.script(directory, "turns: [{delay_millis: 600000, text: late}]");
    var end = new AtomicReference<LoopEnd>();
    var thread = Thread.ofVirtual().start(() -> end.set(rig.run(model)));
    while (rig.log.all(RunEvent.Prompted.class).isEmpty()) {
      Thread.sleep(5);
    }
    thread.interrupt();

    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    assertThat(end.get())
        .isEqualTo(new LoopEnd.Halted(StopReason.CANCELLED, "the loop was interrupted"));
  }

  @Test
  void aRunThatMayOnlyLookIsOfferedOnlyWhatLooks() {
    var offered = new ArrayList<List<String>>();
    var script =
        Rig.script(
            directory, "turns:\n" + "  - calls: [{tool: look, input: {at: a}}]\n".repeat(20));
    rig.run(
        new Model() {
          @Override
          public ModelName name() {
            return script.name();
          }

          @Override
          public ModelFacts facts() {
            return script.facts();
          }

          @Override
          public ModelAnswer ask(ModelRequest request, Consumer<String> onText)
              throws InterruptedException {
            offered.add(request.tools().stream().map(ToolDefinition::name).toList());
            return script.ask(request, onText);
          }
        });

    assertThat(offered.getFirst()).contains("change");
    assertThat(offered.getLast()).doesNotContain("change").contains("look", "submit_change");
  }
}
