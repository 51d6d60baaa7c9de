package dev.holdfast.tool.builtin;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.workspace.Change.ChangedFile;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Proposes the workspace's change. */
final class SubmitChangeTool extends BuiltIn {
  SubmitChangeTool() {
    super("submit_change");
  }

  @Override
  Reach reach(Input input) {
    return Reach.NOTHING;
  }

  @Override
  JsonNode call(ToolContext context, Input input) {
    var change = context.workspace().change();
    if (change.isEmpty()) {
      throw new ToolFault(
          ErrorCode.CONFLICT,
          "there is nothing to submit: no file differs from `%s`"
              .formatted(context.workspace().base()),
          "do the task first; files that git ignores are not part of a change");
    }
    var output = JsonNodeFactory.instance.objectNode().put("title", input.text("title"));
    var files = output.putArray("files");
    for (var file : change.files()) {
      files
          .addObject()
          .put("path", file.path())
          .put("kind", file.kind().name().toLowerCase(Locale.ROOT));
    }
    return output
        .put("insertions", change.files().stream().mapToInt(ChangedFile::insertions).sum())
        .put("deletions", change.files().stream().mapToInt(ChangedFile::deletions).sum())
        .put("hash", change.hash());
  }
}
