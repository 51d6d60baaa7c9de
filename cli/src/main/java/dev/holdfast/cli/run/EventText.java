package dev.holdfast.cli.run;

import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.Meter;
import dev.holdfast.cli.command.Style;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunEvent.ApprovalAsked;
import dev.holdfast.run.RunEvent.ApprovalDenied;
import dev.holdfast.run.RunEvent.ApprovalGiven;
import dev.holdfast.run.RunEvent.Decided;
import dev.holdfast.run.RunEvent.Ended;
import dev.holdfast.tool.Decision;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolError;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Events as lines for a person, the same while a run goes on and afterwards. */
final class EventText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
  private static final int WIDTH = 110;

  private final Terminal terminal;

  EventText(Terminal terminal) {
    this.terminal = terminal;
  }

  /** A line with number and time; empty for what says nothing new to a person. */
  Optional<String> line(RecordedEvent event) {
    return text(event.event())
        .map(
            text ->
                terminal.paint(Style.DIM, "%4d %s ".formatted(event.seq(), TIME.format(event.at())))
                    + text);
  }

  private Optional<String> text(RunEvent event) {
    return switch (event) {
      case RunEvent.Opened(var intake) ->
          say(
              Style.BOLD,
              "run      ",
              "%s, %s risk, on behalf of %s: %s"
                  .formatted(
                      lower(intake.scenario()),
                      lower(intake.riskTier()),
                      intake.user(),
                      oneLine(intake.request())));
      case RunEvent.Resumed(var by, _) -> say(Style.BOLD, "resumed  ", "by " + by);
      case RunEvent.PolicyChanged(var from, var to) ->
          say(
              Style.YELLOW,
              "policy   ",
              "another set decides from here: %s, before %s".formatted(to, from));
      case RunEvent.Placed(_, var layer, var reason, var image) ->
          say(
              Style.DIM,
              "placed   ",
              "on the %s layer: %s%s"
                  .formatted(layer, oneLine(reason), image.map(it -> ", image " + it).orElse("")));
      case RunEvent.Prompted _ -> Optional.empty();
      case RunEvent.Answered answered ->
          say(
              Style.BLUE,
              "model    ",
              "turn %d, %s, %s"
                  .formatted(answered.turn(), answered.model(), cost(answered.used())));
      case RunEvent.ModelFailed failed ->
          say(
              Style.RED,
              "model    ",
              "turn %d failed: %s%s"
                  .formatted(
                      failed.turn(),
                      oneLine(failed.error()),
                      failed.retriable() ? "" : " (final)"));
      case Decided decided -> decided(decided);
      case Ended ended -> ended(ended);
      case RunEvent.Checkpointed _ -> Optional.empty();
      case RunEvent.RolledBack(var checkpoint, var why) ->
          say(Style.YELLOW, "rollback ", "to %s: %s".formatted(checkpoint, oneLine(why)));
      case ApprovalAsked asked ->
          say(
              Style.YELLOW,
              "approval ",
              "%s needed for %s".formatted(asked.approval(), oneLine(asked.subject())));
      case ApprovalGiven given ->
          say(Style.GREEN, "approved ", "by " + given.by() + comment(given.comment()));
      case ApprovalDenied denied ->
          say(Style.RED, "denied   ", "by " + denied.by() + comment(denied.comment()));
      case RunEvent.QuestionAsked(_, var question) ->
          say(Style.YELLOW, "question ", oneLine(question));
      case RunEvent.QuestionAnswered(_, var by, var answer) ->
          say(Style.GREEN, "answer   ", "by %s: %s".formatted(by, oneLine(answer)));
      case RunEvent.ChangeSubmitted submitted ->
          say(Style.BOLD, "submitted", " " + oneLine(submitted.title()));
      case RunEvent.Committed(var commit, var branch) ->
          say(Style.GREEN, "committed", " %s on branch %s".formatted(commit, branch));
      case RunEvent.AutonomyChanged(var from, var to, var why) ->
          say(
              Style.YELLOW,
              "autonomy ",
              "%s → %s: %s".formatted(lower(from), lower(to), oneLine(why)));
      case RunEvent.ActRefused(var by, var act, _, var reasons) ->
          say(
              Style.RED,
              "refused  ",
              "%s may not %s: %s".formatted(by, act, oneLine(String.join("; ", reasons))));
      case RunEvent.TakenOver(var by) -> say(Style.MAGENTA, "takeover ", "by " + by);
      case RunEvent.HandedBack(var by, _) -> say(Style.MAGENTA, "handback ", "by " + by);
      case RunEvent.Stopped(var reason, var detail) ->
          say(Style.BOLD, "stopped  ", lower(reason) + comment(detail));
    };
  }

  private Optional<String> decided(Decided decided) {
    var call = "%s %s".formatted(decided.call().tool(), brief(decided.call().input()));
    return switch (decided.decision()) {
      case Decision.Permit _ -> say(Style.GREEN, "permit   ", call);
      case Decision.Forbid(var basis) ->
          say(Style.RED, "forbid   ", call + because(basis.reasons()));
      case Decision.NeedsApproval(var basis, _) ->
          say(Style.YELLOW, "asks     ", call + because(basis.reasons()));
    };
  }

  private Optional<String> ended(Ended ended) {
    var millis = ended.used().get(Meter.TOOL_MILLIS);
    return switch (ended.outcome()) {
      case Outcome.Completed(JsonNode output, _) ->
          say(Style.DIM, "  done   ", "%d ms  %s".formatted(millis, brief(output)));
      case Outcome.Failed(ToolError error) -> say(Style.RED, "  failed ", error(error));
      case Outcome.TimedOut(var limit, _) ->
          say(Style.RED, "  timeout", " after %d s".formatted(limit.toSeconds()));
      case Outcome.Killed(ToolError error, _) -> say(Style.RED, "  killed ", error(error));
      case Outcome.Refused(ToolError error) -> say(Style.RED, "  refused", " " + error(error));
    };
  }

  private Optional<String> say(Style style, String head, String text) {
    return Optional.of(terminal.paint(style, head) + Terminal.safe(text));
  }

  private static String error(ToolError error) {
    return "%s: %s".formatted(lower(error.code()), oneLine(error.message()));
  }

  private static String because(List<String> reasons) {
    return reasons.isEmpty() ? "" : "  (" + oneLine(String.join("; ", reasons)) + ")";
  }

  private static String comment(String comment) {
    return comment.isBlank() ? "" : ": " + oneLine(comment);
  }

  static String cost(Amounts used) {
    return "%d tokens in, %d out, $%.4f"
        .formatted(
            used.get(Meter.INPUT_TOKENS),
            used.get(Meter.OUTPUT_TOKENS),
            used.get(Meter.MICRO_USD) / 1e6);
  }

  private static String brief(JsonNode json) {
    return oneLine(json.toString());
  }

  /** Untrusted text on one line that is no wider than a terminal. */
  static String oneLine(String text) {
    var line = Terminal.safe(text.strip().replaceAll("\\s+", " "));
    return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…";
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
