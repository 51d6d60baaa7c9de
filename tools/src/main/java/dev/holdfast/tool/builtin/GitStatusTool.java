package dev.holdfast.tool.builtin;

import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The state of the checkout. */
final class GitStatusTool extends BuiltIn {
  private static final int MOST_FILES = 500;
  private static final List<String> ARGV =
      GitProgram.argv("status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all");

  GitStatusTool() {
    super("git_status");
  }

  @Override
  Reach reach(Input input) {
    return Reach.ofArgv(ARGV);
  }

  @Override
  JsonNode call(ToolContext context, Input input) {
    var output = JsonNodeFactory.instance.objectNode().put("branch", "").put("head", "");
    var files = JsonNodeFactory.instance.arrayNode();
    var entries = List.of(GitProgram.run(context, ARGV).split("\0", -1));
    int count = 0;
    for (int i = 0; i < entries.size(); i++) {
      var entry = entries.get(i);
      if (entry.startsWith("# branch.oid ")) {
        output.put("head", entry.substring("# branch.oid ".length()));
      } else if (entry.startsWith("# branch.head ")) {
        output.put("branch", entry.substring("# branch.head ".length()));
      } else if (!entry.startsWith("#") && !entry.isEmpty()) {
        boolean renamed = entry.startsWith("2 ");
        if (count++ < MOST_FILES) {
          add(files, entry, renamed && i + 1 < entries.size() ? entries.get(i + 1) : "");
        }
        i += renamed ? 1 : 0;
      }
    }
    output.put("clean", count == 0).set("files", files);
    return output.put("clipped", count > MOST_FILES);
  }

  /** Fields before the path, by kind of entry; see git-status(1), porcelain format version 2. */
  private static void add(ArrayNode files, String entry, String from) {
    int fields =
        switch (entry.charAt(0)) {
          case '1' -> 8;
          case '2' -> 9;
          case 'u' -> 10;
          default -> 1;
        };
    var parts = entry.split(" ", fields + 1);
    var file = files.addObject().put("path", parts[parts.length - 1]);
    if (entry.charAt(0) == '?') {
      file.put("state", "untracked");
      return;
    }
    var codes = parts.length > 1 && parts[1].length() == 2 ? parts[1] : "..";
    char code = codes.charAt(0) == '.' ? codes.charAt(1) : codes.charAt(0);
    file.put("state", entry.charAt(0) == 'u' ? "conflict" : state(code));
    file.put("staged", codes.charAt(0) != '.').put("unstaged", codes.charAt(1) != '.');
    if (!from.isEmpty()) {
      file.put("renamed_from", from);
    }
  }

  private static String state(char code) {
    return switch (code) {
      case 'A' -> "added";
      case 'D' -> "deleted";
      case 'R' -> "renamed";
      case 'C' -> "copied";
      case 'T' -> "type_changed";
      case 'U' -> "conflict";
      default -> "modified";
    };
  }
}
