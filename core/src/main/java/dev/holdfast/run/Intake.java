package dev.holdfast.run;

import dev.holdfast.actor.Account;
import dev.holdfast.actor.UserId;
import dev.holdfast.budget.Amounts;
import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.WorkspaceId;

/**
 * What was known and decided when a run began.
 *
 * @param user the person the run acts on behalf of
 * @param request what they asked, word for word
 * @param task the request as it is put to the agent
 * @param policyVersion the policy set's version at intake
 * @param budget the most that the run may use
 */
public record Intake(
    UserId user,
    Account account,
    Scenario scenario,
    RiskTier riskTier,
    String request,
    String task,
    String model,
    String policyVersion,
    Amounts budget,
    String repository,
    WorkspaceId workspace,
    CommitId base,
    String branch) {}
