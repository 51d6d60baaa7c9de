package dev.holdfast.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.Ledger;
import dev.holdfast.harness.model.Model;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.StopReason;
import dev.holdfast.store.SqliteEventLog;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop on the store that is used outside of tests. */
class StoredRunTest {
  private static final String TASK =
      """
      turns:
        - calls: [{tool: look, input: {at: a}}, {tool: look, input: {at: b}}]
        - calls: [{tool: change, input: {at: a}}]
        - calls: [{tool: submit_change}]
      """;

  @TempDir Path directory;

  @Test
  void aRunGoesOnInAnotherProcessAndItsLogVerifies() {
    assertThat(run(Rig.script(directory, "turns: [" + first() + ", {fail: {as: unauthorized}}]")))
        .isInstanceOfSatisfying(
            LoopEnd.Halted.class,
            halted -> assertThat(halted.reason()).isEqualTo(StopReason.UNAVAILABLE));
    assertThat(run(Rig.script(directory, TASK))).isInstanceOf(LoopEnd.Submitted.class);

    try (var log = new SqliteEventLog(directory)) {
      assertThat(log.verify(Rig.RUN)).isInstanceOf(EventLog.Verification.Intact.class);
      var conversation = History.rebuild(log.read(Rig.RUN, 0), log.blobs()).conversation();
      assertThat(conversation.toString()).contains("looked at b").contains("changed a");
    }
  }

  private static String first() {
    return "{calls: [{tool: look, input: {at: a}}, {tool: look, input: {at: b}}]}";
  }

  private LoopEnd run(Model model) {
    try (var log = new SqliteEventLog(directory)) {
      if (log.read(Rig.RUN, 0).isEmpty()) {
        log.append(Rig.RUN, new RunEvent.Opened(Rig.intake()));
      }
      return new AgentLoop(
              new LoopSetup(
                  Rig.RUN,
                  Rig.intake(),
                  log,
                  log.blobs(),
                  Ledger.of("test", Amounts.NONE, Amounts.NONE),
                  new TestGate(Rig.RUN, log),
                  List.of(model),
                  LoopListener.NONE,
                  Pause.REAL))
          .run();
    }
  }
}
