package dev.holdfast.tool.builtin;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.workbench.FileEntry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Writes whole text files. */
final class WriteFileTool extends BuiltIn {
  WriteFileTool() {
    super("write_file");
  }

  @Override
  Reach reach(Input input) {
    return Reach.ofPaths(List.of(input.path("path")));
  }

  @Override
  JsonNode call(ToolContext context, Input input) {
    var path = WorkspacePath.require(input.path("path"));
    var files = context.workbench().files();
    var before = files.stat(path);
    if (before.isPresent() && before.get().kind() == FileEntry.Kind.DIRECTORY) {
      throw new ToolFault(
          ErrorCode.INVALID_INPUT, "`%s` is a directory".formatted(path), "name a file in it");
    }
    var bytes = input.text("content").getBytes(StandardCharsets.UTF_8);
    files.write(path, bytes, input.flag("executable"));
    return JsonNodeFactory.instance
        .objectNode()
        .put("path", path)
        .put("bytes", bytes.length)
        .put("created", before.isEmpty());
  }
}
