package dev.holdfast.tool.builtin;

import dev.holdfast.tool.Tool;
import java.util.List;

/** The built-in tools. */
public final class BuiltInTools {
  private BuiltInTools() {}

  /** One of each. */
  public static List<Tool> all() {
    return List.of(
        new ShellTool(),
        new ReadFileTool(),
        new WriteFileTool(),
        new EditFileTool(),
        new ApplyPatchTool(),
        new ListFilesTool(),
        new GlobTool(),
        new SearchTool(),
        new GitStatusTool(),
        new GitDiffTool(),
        new GitLogTool(),
        new AskPersonTool(),
        new RunTestsTool(),
        new StaticCheckTool(),
        new SubmitChangeTool());
  }
}
