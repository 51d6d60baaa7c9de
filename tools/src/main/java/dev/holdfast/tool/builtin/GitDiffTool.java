package dev.holdfast.tool.builtin;

import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What changed, as a diff. */
final class GitDiffTool extends BuiltIn {
  private static final int SHOWN_CHARACTERS = 40_000;
  private static final int MOST_FILES = 500;
  private static final int CONTEXT_LINES = 3;

  GitDiffTool() {
    super("git_diff");
  }

  @Override
  Reach reach(Input input) {
    return new Reach(input.paths("paths"), List.of(), "", argv(input, "--patch"));
  }

  @Override
  JsonNode call(ToolContext context, Input input) {
    input.paths("paths").forEach(WorkspacePath::require);
    var diff = GitProgram.run(context, argv(input, "--patch"));
    var output = JsonNodeFactory.instance.objectNode();
    var files = output.putArray("files");
    GitProgram.run(context, argv(input, "--numstat"))
        .lines()
        .map(line -> line.split("\t", 3))
        .filter(counts -> counts.length == 3)
        .limit(MOST_FILES)
        .forEach(
            counts ->
                files
                    .addObject()
                    .put("path", counts[2])
                    .put("insertions", lines(counts[0]))
                    .put("deletions", lines(counts[1]))
                    .put("binary", counts[0].equals("-")));
    return output
        .put("diff", Clip.middle(diff, SHOWN_CHARACTERS))
        .put("clipped", diff.length() > SHOWN_CHARACTERS);
  }

  /** {@code -} stands for a binary file. */
  private static int lines(String count) {
    return count.matches("\\d{1,9}") ? Integer.parseInt(count) : 0;
  }

  private static List<String> argv(Input input, String form) {
    var argv =
        new ArrayList<>(
            GitProgram.argv("-c", "core.quotepath=off", "diff", "--no-ext-diff", "--no-textconv"));
    argv.addAll(List.of("--no-color", "--no-renames", form));
    if (form.equals("--patch")) { // anywhere else --unified would ask for a patch too
      argv.add("--unified=" + input.number("context_lines", CONTEXT_LINES));
    }
    if (input.flag("staged")) {
      argv.add("--cached");
    }
    argv.add(input.text("base", "HEAD"));
    argv.add("--");
    argv.addAll(input.paths("paths"));
    return argv;
  }
}
