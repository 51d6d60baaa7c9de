package dev.holdfast.tool.builtin;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs git inside the workbench: hooks and filters of the repository have no more power there. */
final class GitProgram {
  private static final Map<String, String> ENV =
      Map.of("GIT_PAGER", "cat", "GIT_TERMINAL_PROMPT", "0", "GIT_OPTIONAL_LOCKS", "0");

  private GitProgram() {}

  /** The whole command. Paths after {@code --} are taken letter by letter. */
  static List<String> argv(String... arguments) {
    var argv = new ArrayList<>(List.of("git", "--literal-pathspecs"));
    argv.addAll(List.of(arguments));
    return argv;
  }

  /**
   * What it writes to stdout.
   *
   * @throws ToolFault when git fails, with its message
   */
  static String run(ToolContext context, List<String> argv) {
    var result = Programs.run(context, Programs.spec(context, argv).withEnv(ENV));
    if (!result.succeeded()) {
      throw new ToolFault(
          ErrorCode.COMMAND_FAILED,
          "git failed: %s".formatted(Clip.head(result.stderrText().strip(), 1_000)),
          "check the revision and the paths; git_status and git_log show what there is");
    }
    return result.stdoutText();
  }
}
