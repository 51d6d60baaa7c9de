package dev.holdfast.tool.builtin;

import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.workbench.FileEntry;
import dev.holdfast.workbench.GuestFiles;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Lists directories. */
final class ListFilesTool extends BuiltIn {
  private static final int MOST_ENTRIES = 1_000;

  ListFilesTool() {
    super("list_files");
  }

  @Override
  Reach reach(Input input) {
    return Reach.ofPaths(List.of(input.path("path")));
  }

  @Override
  JsonNode call(ToolContext context, Input input) {
    var path = WorkspacePath.require(input.path("path"));
    var output = JsonNodeFactory.instance.objectNode().put("path", path);
    var entries = output.putArray("entries");
    boolean whole = walk(context.workbench().files(), path, input.number("depth", 1), entries);
    return output.put("clipped", !whole);
  }

  /** Adds the entries below {@code path}; false when there were too many. */
  private static boolean walk(GuestFiles files, String path, int depth, ArrayNode entries) {
    for (var entry : files.list(path, MOST_ENTRIES + 1)) {
      if (entry.name().equals(".git")) {
        continue;
      }
      if (entries.size() >= MOST_ENTRIES) {
        return false;
      }
      var below = path.equals(".") ? entry.name() : path + "/" + entry.name();
      var node = entries.addObject().put("path", below);
      node.put("kind", entry.kind().name().toLowerCase(Locale.ROOT));
      if (entry.kind() == FileEntry.Kind.FILE) {
        node.put("bytes", entry.bytes());
      }
      boolean deeper = depth > 1 && entry.kind() == FileEntry.Kind.DIRECTORY;
      if (deeper && !walk(files, below, depth - 1, entries)) {
        return false;
      }
    }
    return true;
  }
}
