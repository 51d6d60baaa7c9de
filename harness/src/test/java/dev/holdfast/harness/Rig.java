package dev.holdfast.harness;

import dev.holdfast.actor.Account;
import dev.holdfast.actor.AgentId;
import dev.holdfast.actor.UserId;
import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.Ledger;
import dev.holdfast.harness.model.Model;
import dev.holdfast.harness.model.ModelCatalog;
import dev.holdfast.harness.model.Models;
import dev.holdfast.run.Intake;
import dev.holdfast.run.RiskTier;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import dev.holdfast.run.Scenario;
import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.WorkspaceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A loop with everything around it. */
final class Rig {
  static final RunId RUN = new RunId("r-test");

  final MemoryLog log;
  final TestGate gate;
  final List<Duration> pauses = new ArrayList<>();
  LoopListener listener = LoopListener.NONE;
  Ledger ledger = Ledger.of("test", Amounts.NONE, Amounts.NONE);

  Rig() {
    this(new MemoryLog());
    log.append(RUN, new RunEvent.Opened(intake()));
  }

  Rig(MemoryLog log) {
    this.log = log;
    this.gate = new TestGate(RUN, log);
  }

  static Intake intake() {
    return new Intake(
        new UserId("ada"),
        Account.local("shop", new AgentId("builtin")),
        Scenario.AUTONOMOUS,
        RiskTier.LOW,
        "fix it",
        "Fix the defect.",
        "script:test",
        "v1",
        Amounts.NONE,
        "/repo",
        WorkspaceId.random(),
        new CommitId("0123456789012345678901234567890123456789"),
        "holdfast/test");
  }

  static Model script(Path directory, String text) {
    try {
      var file = Files.createTempFile(directory, "script", ".yaml");
      Files.writeString(file, text);
      return new Models(ModelCatalog.load(directory), Map.of()).open("script:" + file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LoopEnd run(Model... models) {
    return loop(models).run();
  }

  AgentLoop loop(Model... models) {
    return new AgentLoop(
        new LoopSetup(
            RUN, intake(), log, log, ledger, gate, List.of(models), listener, pauses::add));
  }
}
