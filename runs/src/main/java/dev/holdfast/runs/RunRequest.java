package dev.holdfast.runs;

import dev.holdfast.actor.Account;
import dev.holdfast.actor.UserId;
import dev.holdfast.budget.Amounts;
import dev.holdfast.run.Scenario;
import dev.holdfast.workbench.Placement;

/**
 * What a person asks for.
 *
 * @param task in their own words
 * @param model as on the command line, for example {@code anthropic:NAME} or {@code script:FILE}
 * @param budget the most that the run may use
 * @param repository a local path or a URL
 * @param revision what to start from
 * @param includeDirty whether uncommitted files come along
 * @param placement where its workbenches are made
 * @param diskBytes most bytes that the workspace may grow by
 */
public record RunRequest(
    UserId user,
    Account account,
    Scenario scenario,
    String task,
    String model,
    Amounts budget,
    String repository,
    String revision,
    boolean includeDirty,
    Placement placement,
    long diskBytes) {}
