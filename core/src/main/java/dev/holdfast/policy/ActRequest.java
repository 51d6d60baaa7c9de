package dev.holdfast.policy;

import dev.holdfast.actor.UserId;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.Intake;
import dev.holdfast.run.RunId;
import java.util.List;

/**
 * A person's act on a run as the policy sees it.
 *
 * @param by who acts
 * @param intake on whose behalf the run is, where it belongs and how risky it is
 * @param budgetUsedPercent how much of the run's tightest budget is used, 0 to 100
 * @param changed the files of the change that is approved, relative to the repository; none for
 *     other acts
 */
public record ActRequest(
    UserId by,
    Act act,
    RunId run,
    Intake intake,
    Autonomy autonomy,
    int budgetUsedPercent,
    List<String> changed) {
  public ActRequest {
    changed = List.copyOf(changed);
  }
}
