package dev.holdfast.policy;

import dev.holdfast.actor.Account;
import dev.holdfast.actor.UserId;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.RiskTier;
import dev.holdfast.run.RunId;
import dev.holdfast.run.Scenario;
import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolDefinition;

/**
 * A tool call as the policy sees it.
 *
 * @param budgetUsedPercent how much of the run's tightest budget is used, 0 to 100
 */
public record PolicyRequest(
    RunId run,
    UserId user,
    Account account,
    Scenario scenario,
    RiskTier riskTier,
    Autonomy autonomy,
    int budgetUsedPercent,
    ToolDefinition tool,
    Reach reach) {}
