package dev.holdfast.tool.builtin;

import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The history of the checkout. */
final class GitLogTool extends BuiltIn {
  private static final int DEFAULT_RESULTS = 20;
  private static final int MOST_BODY_CHARACTERS = 1_000;
  private static final int FIELDS = 5;

  GitLogTool() {
    super("git_log");
  }

  @Override
  Reach reach(Input input) {
    return new Reach(input.paths("paths"), List.of(), "", argv(input));
  }

  @Override
  JsonNode call(ToolContext context, Input input) {
    input.paths("paths").forEach(WorkspacePath::require);
    var output = JsonNodeFactory.instance.objectNode();
    var commits = output.putArray("commits");
    for (var record : List.of(GitProgram.run(context, argv(input)).split("\0", -1))) {
      var fields = record.split("\u001F", FIELDS);
      if (fields.length == FIELDS) {
        var commit = commits.addObject().put("id", fields[0].strip()).put("author", fields[1]);
        commit.put("date", fields[2]).put("subject", fields[3]);
        if (!fields[4].isBlank()) {
          commit.put("body", Clip.head(fields[4].strip(), MOST_BODY_CHARACTERS));
        }
      }
    }
    return output;
  }

  private static List<String> argv(Input input) {
    var argv = new ArrayList<>(GitProgram.argv("log", "-z", "--no-color", "--no-show-signature"));
    argv.add("--format=%H%x1f%an <%ae>%x1f%aI%x1f%s%x1f%b");
    argv.add("--max-count=" + input.number("max_results", DEFAULT_RESULTS));
    argv.add(input.text("revision", "HEAD"));
    argv.add("--");
    argv.addAll(input.paths("paths"));
    return argv;
  }
}
