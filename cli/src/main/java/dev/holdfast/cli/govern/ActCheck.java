package dev.holdfast.cli.govern;

import dev.holdfast.actor.Account;
import dev.holdfast.actor.AgentId;
import dev.holdfast.actor.UserId;
import dev.holdfast.budget.Amounts;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.run.Runs;
import dev.holdfast.policy.Act;
import dev.holdfast.policy.ActRequest;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.Intake;
import dev.holdfast.run.RiskTier;
import dev.holdfast.run.RunId;
import dev.holdfast.run.Scenario;
import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.WorkspaceId;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast policy check --act}: what a person may do to a run. */
final class ActCheck {
  private static final CommitId NO_COMMIT = new CommitId("0".repeat(40));

  private ActCheck() {}

  static void addTo(CommandSpec check) {
    check.addOption(
        Syntax.option(
            "--act", "ACT", Act.class, "A person's act: approve, reject, takeover or rollback."));
    check.addOption(Runs.asUser());
    check.addOption(
        Syntax.option(
            "--owner", "USER", String.class, "Whom the run acts for; otherwise who acts."));
    check.addOption(
        Syntax.options("--path", "PATH", "A file of the change that is approved; repeatable."));
  }

  static ActRequest request(ParseResult arguments, Context context) {
    var by = Runs.user(arguments, context);
    var owner = new UserId(arguments.matchedOptionValue("--owner", by.value()));
    var intake =
        new Intake(
            owner,
            Account.local("project", AgentId.BUILT_IN),
            arguments.matchedOptionValue("--scenario", Scenario.ASSIST),
            arguments.matchedOptionValue("--risk", RiskTier.LOW),
            "",
            "",
            "",
            "",
            Amounts.NONE,
            "",
            new WorkspaceId("s-check"),
            NO_COMMIT,
            "");
    return new ActRequest(
        by,
        arguments.matchedOptionValue("--act", Act.APPROVE),
        new RunId("r-check"),
        intake,
        arguments.matchedOptionValue("--autonomy", Autonomy.FULL),
        0,
        arguments.matchedOptionValue("--path", List.<String>of()));
  }
}
