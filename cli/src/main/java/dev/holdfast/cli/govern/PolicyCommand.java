package dev.holdfast.cli.govern;

import dev.holdfast.actor.Account;
import dev.holdfast.actor.AgentId;
import dev.holdfast.actor.UserId;
import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Style;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.cli.wiring.Checkout;
import dev.holdfast.cli.wiring.Installation;
import dev.holdfast.policy.PolicyRequest;
import dev.holdfast.policy.cedar.CedarPolicy;
import dev.holdfast.policy.cedar.PolicyCheck;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.RiskTier;
import dev.holdfast.run.RunId;
import dev.holdfast.run.Scenario;
import dev.holdfast.tool.Tool;
import dev.holdfast.tool.registry.InputCheck;
import dev.holdfast.tool.registry.ToolRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code holdfast policy}: what the rules are, and what they would say. */
public final class PolicyCommand implements Command {
  @Override
  public CommandSpec spec() {
    var spec = Syntax.command("Shows and tries the rules that decide on tool calls.");
    var check =
        Syntax.subcommand(
            spec,
            "check",
            "Says what would happen to a call, by which policy, and what an approval would change.",
            "Nothing is run. Exit code 0 permits, 3 needs approval or forbids.");
    check.addPositional(
        Syntax.optional(0, "TOOL", "The tool, for example `shell`; left out with --act."));
    check.addPositional(
        Syntax.optional(1, "INPUT", "Its input as JSON; for `shell` also just the script."));
    check.addOption(Syntax.option("--scenario", "S", Scenario.class, "assist or autonomous."));
    check.addOption(Syntax.option("--risk", "TIER", RiskTier.class, "low, medium or high."));
    check.addOption(
        Syntax.option(
            "--autonomy", "LEVEL", Autonomy.class, "full, propose_only, read_only or stopped."));
    ActCheck.addTo(check);
    Syntax.subcommand(spec, "show", "Lists the loaded policies: id, place, what it says.");
    Syntax.subcommand(spec, "validate", "Loads every policy and says whether all are valid.");
    Syntax.subcommand(spec, "schema", "Prints what policies may refer to, in Cedar's language.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    var sub = arguments.hasSubcommand() ? arguments.subcommand() : arguments;
    return switch (sub.commandSpec().name()) {
      case "check" -> check(sub, context);
      case "show" -> show(context);
      case "validate" -> validate(context);
      case "schema" -> schema(context);
      default ->
          throw new CommandFailure(
              ExitCode.USAGE, "`policy` needs a sub-command: check, show, validate or schema");
    };
  }

  /** The rules that hold in the repository that the user is in. */
  private static CedarPolicy policy(Context context) {
    return Installation.policy(context.home(), Checkout.around(context.directory()));
  }

  private static int schema(Context context) {
    context.terminal().out().print(CedarPolicy.schema());
    return ExitCode.OK.number();
  }

  private static int validate(Context context) {
    var policy = policy(context);
    context
        .terminal()
        .line(
            "%d policies are valid, version %s"
                .formatted(policy.policies().size(), policy.version()));
    return ExitCode.OK.number();
  }

  private static int show(Context context) {
    var terminal = context.terminal();
    for (var policy : policy(context).policies()) {
      if (terminal.json()) {
        terminal.json(
            Map.of(
                "id", policy.id(),
                "from", policy.from().toString(),
                "where", policy.where(),
                "reason", policy.reason()));
      } else {
        terminal.line("%-34s %s".formatted(policy.id(), Terminal.safe(policy.reason())));
        terminal.line(
            terminal.paint(Style.DIM, "%-34s %s: %s".formatted("", policy.from(), policy.where())));
      }
    }
    return ExitCode.OK.number();
  }

  private static int check(ParseResult arguments, Context context) {
    if (arguments.hasMatchedOption("--act")) {
      return concluded(
          new PolicyCheck(policy(context)).check(ActCheck.request(arguments, context)), context);
    }
    var tool = tool(arguments.matchedPositionalValue(0, ""), context);
    var request = request(tool, input(tool, arguments.matchedPositionalValue(1, "{}")), arguments);
    return concluded(new PolicyCheck(policy(context)).check(request), context);
  }

  private static int concluded(PolicyCheck.Report report, Context context) {
    print(report, context.terminal());
    return (report.decision() == PolicyCheck.Decision.PERMIT ? ExitCode.OK : ExitCode.REFUSED)
        .number();
  }

  private static Tool tool(String name, Context context) {
    return switch (new ToolRegistry(
            Installation.tools(context.home(), Checkout.around(context.directory())))
        .resolve(name)) {
      case ToolRegistry.Found(Tool tool) -> tool;
      case ToolRegistry.Unknown(var error) ->
          throw new CommandFailure(ExitCode.USAGE, error.message() + "; " + error.next());
    };
  }

  private static JsonNode input(Tool tool, String given) {
    var json = JsonMapper.builder().build();
    JsonNode node;
    try {
      node =
          tool.definition().name().equals("shell") && !given.strip().startsWith("{")
              ? json.createObjectNode().put("script", given)
              : json.readTree(given);
    } catch (JacksonException wrong) {
      throw new CommandFailure(ExitCode.USAGE, "`%s` is not JSON".formatted(given), wrong);
    }
    return switch (new InputCheck().check(tool, node)) {
      case InputCheck.Valid(JsonNode input, var _) -> input;
      case InputCheck.Invalid(var error) ->
          throw new CommandFailure(ExitCode.USAGE, error.message() + "; " + error.next());
    };
  }

  private static PolicyRequest request(Tool tool, JsonNode input, ParseResult arguments) {
    return new PolicyRequest(
        new RunId("r-check"),
        new UserId("nobody"),
        Account.local("project", AgentId.BUILT_IN),
        arguments.matchedOptionValue("--scenario", Scenario.ASSIST),
        arguments.matchedOptionValue("--risk", RiskTier.LOW),
        arguments.matchedOptionValue("--autonomy", Autonomy.FULL),
        0,
        tool.definition(),
        tool.reach(input));
  }

  private static void print(PolicyCheck.Report report, Terminal terminal) {
    if (terminal.json()) {
      terminal.json(report);
      return;
    }
    var word = report.decision().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    terminal.line(terminal.paint(Style.BOLD, word));
    reasons("because", report.because(), terminal);
    if (!report.withApproval().isEmpty() && report.decision() != PolicyCheck.Decision.PERMIT) {
      reasons("once approved", report.withApproval(), terminal);
    }
  }

  private static void reasons(
      String title, List<PolicyCheck.Determining> reasons, Terminal terminal) {
    terminal.line("  " + title + ":");
    for (var reason : reasons) {
      var where =
          reason.where().isEmpty() ? "" : "  (%s: %s)".formatted(reason.from(), reason.where());
      terminal.line("    %s %s%s".formatted(reason.id(), Terminal.safe(reason.reason()), where));
    }
  }
}
