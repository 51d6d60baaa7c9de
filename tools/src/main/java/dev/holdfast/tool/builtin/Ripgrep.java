package dev.holdfast.tool.builtin;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import java.util.List;

/** Runs ripgrep in the workbench. */
final class Ripgrep {
  private static final int FOUND_NOTHING = 1;

  private Ripgrep() {}

  /**
   * Runs it; what it wrote before the output limit is used as it is.
   *
   * @throws ToolFault when ripgrep is missing, refuses its arguments, or takes too long
   */
  static ExecResult run(ToolContext context, List<String> argv) {
    var spec = Programs.spec(context, argv);
    var result = context.workbench().exec(spec);
    if (result.end() instanceof End.NotStarted) {
      throw new ToolFault(
          ErrorCode.UNAVAILABLE,
          "ripgrep (`rg`) is not in this workbench",
          "use shell with `grep -rn` or `find`");
    }
    if (result.end() instanceof End.OutputExceeded) {
      return result;
    }
    Programs.ended(result, spec);
    int code = Programs.exitCode(result.end());
    if (code > FOUND_NOTHING && result.stdout().length == 0) {
      throw new ToolFault(
          ErrorCode.INVALID_INPUT,
          "ripgrep refused: %s".formatted(Clip.head(result.stderrText().strip(), 1_000)),
          "mend the pattern or the glob; set literal to take the pattern as plain text");
    }
    return result;
  }

  /** Whether the output limit ended it. */
  static boolean cutOff(ExecResult result) {
    return result.end() instanceof End.OutputExceeded;
  }
}
