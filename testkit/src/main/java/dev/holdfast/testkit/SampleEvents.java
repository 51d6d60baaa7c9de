package dev.holdfast.testkit;

import dev.holdfast.actor.Account;
import dev.holdfast.actor.AgentId;
import dev.holdfast.actor.UserId;
import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.Meter;
import dev.holdfast.run.Intake;
import dev.holdfast.run.RiskTier;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.Scenario;
import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.WorkspaceId;

/** Events for tests. */
public final class SampleEvents {
  private SampleEvents() {}

  /** The first event of a run that was asked for {@code request}. */
  public static RunEvent.Opened opened(String request) {
    return new RunEvent.Opened(
        new Intake(
            new UserId("ada"),
            Account.local("shop", AgentId.BUILT_IN),
            Scenario.ASSIST,
            RiskTier.LOW,
            request,
            request,
            "script:demo",
            "p-1",
            Amounts.of(Meter.TOOL_CALLS, 100),
            "/src/shop",
            WorkspaceId.random(),
            new CommitId("0123456789abcdef0123456789abcdef01234567"),
            "holdfast/demo"));
  }

  /** An event that carries {@code text}, and is told apart by it. */
  public static RunEvent.HandedBack note(String text) {
    return new RunEvent.HandedBack(new UserId("ada"), text);
  }
}
