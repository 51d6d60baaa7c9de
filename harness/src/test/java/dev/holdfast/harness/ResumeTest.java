package dev.holdfast.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.run.RunEvent;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.ToolCall;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {
  private static final String TASK =
      """
      turns:
        - text: "I look first."
          calls: [{tool: look, input: {at: a}}, {tool: change, input: {at: b}}, {tool: look, input: {at: c}}]
          usage: {input: 1500, output: 50}
        - text: "UNSURE: whether b was right"
          expect: [{result: 0, contains: looked at a}, {result: 1, contains: changed b}]
          calls: [{tool: change, input: {at: d}}, {tool: nothing}]
          fail: {as: unavailable, attempts: 2}
          usage: {input: 2500, output: 60}
        - text: "Cut o"
          end: length
          usage: {input: 3500, output: 60}
        - expect: [{contains: cut off}]
          calls: [{tool: change, input: {at: e}}, {tool: submit_change}]
      """;

  @TempDir Path directory;

  @Test
  void aRunThatWasKilledAfterAnyEventGoesOnToTheSameEnd() {
    var whole = new Rig();
    var model = Rig.script(directory, TASK);
    assertThat(whole.run(model)).isInstanceOf(LoopEnd.Submitted.class);
    var expected = conversation(whole.log);

    int events = whole.log.events().size();
    assertThat(events).isGreaterThan(20);
    for (int kept = 1; kept <= events; kept++) {
      var again = new Rig(MemoryLog.prefix(whole.log, kept));
      assertThat(again.run(model))
          .as("after %d events", kept)
          .isInstanceOf(LoopEnd.Submitted.class);
      assertThat(conversation(again.log)).as("after %d events", kept).isEqualTo(expected);
      assertNothingTwice(again, kept);
    }
  }

  @Test
  void aSecondResumeOfAFinishedRunDoesNothing() {
    var rig = new Rig();
    var model = Rig.script(directory, TASK);
    rig.run(model);
    var before = rig.log.events();

    assertThat(rig.run(model)).isInstanceOf(LoopEnd.Submitted.class);
    assertThat(rig.log.events()).isEqualTo(before);
  }

  private static List<?> conversation(MemoryLog log) {
    return History.rebuild(log.events(), log).conversation();
  }

  /** No call with a recorded end is made again. */
  private static void assertNothingTwice(Rig rig, int kept) {
    var ended = new HashSet<CallId>();
    rig.log.events().stream()
        .limit(kept)
        .map(event -> event.event())
        .filter(RunEvent.Ended.class::isInstance)
        .forEach(event -> ended.add(((RunEvent.Ended) event).call()));
    assertThat(rig.gate.executed()).extracting(ToolCall::id).noneMatch(ended::contains);
  }
}
