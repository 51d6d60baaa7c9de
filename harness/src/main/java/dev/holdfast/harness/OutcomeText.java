package dev.holdfast.harness;

import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolError;
import tools.jackson.databind.JsonNode;

/** Outcomes as a model reads them. */
public final class OutcomeText {
  private OutcomeText() {}

  /** Compact: the output itself, or the error's code, what was wrong, and what to do next. */
  public static String of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Completed(var output, boolean clipped) ->
          clipped ? text(output) + "\n[the output was longer and is cut off here]" : text(output);
      case Outcome.Failed(var error) -> error(error);
      case Outcome.Refused(var error) -> "not tried: " + error(error);
      case Outcome.Killed(var error, var partial) -> error(error) + said(partial);
      case Outcome.TimedOut(var limit, var partial) ->
          "TIMED_OUT: it took longer than `%d` s and was ended\nnext: do less in one call, or ask for more time if the tool can"
                  .formatted(limit.toSeconds())
              + said(partial);
    };
  }

  /** Whether the model should read it as an error. */
  public static boolean failed(Outcome outcome) {
    return !(outcome instanceof Outcome.Completed);
  }

  private static String text(JsonNode output) {
    return output.isString() ? output.stringValue() : output.toString();
  }

  private static String error(ToolError error) {
    var next = error.next().isBlank() ? "" : "\nnext: " + error.next();
    return error.code() + ": " + error.message() + next;
  }

  private static String said(String partial) {
    return partial.isBlank() ? "" : "\nbefore that it said:\n" + partial;
  }
}
