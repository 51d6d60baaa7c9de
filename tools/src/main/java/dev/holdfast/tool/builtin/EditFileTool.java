package dev.holdfast.tool.builtin;

import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.edit.ExactEdits;
import dev.holdfast.tool.edit.ExactEdits.Edit;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Replaces exact pieces of text in a file. */
final class EditFileTool extends BuiltIn {
  EditFileTool() {
    super("edit_file");
  }

  @Override
  Reach reach(Input input) {
    return Reach.ofPaths(List.of(input.path("path")));
  }

  @Override
  JsonNode call(ToolContext context, Input input) {
    var path = input.path("path");
    var files = context.workbench().files();
    var edited = ExactEdits.apply(path, TextFile.read(files, path), edits(input));
    TextFile.write(files, path, edited.text(), false);
    var output =
        JsonNodeFactory.instance
            .objectNode()
            .put("path", path)
            .put("replacements", edited.replacements())
            .put("excerpt", edited.excerpt());
    if (!edited.notes().isEmpty()) {
      var notes = output.putArray("notes");
      edited.notes().forEach(notes::add);
    }
    return output;
  }

  private static List<Edit> edits(Input input) {
    return input
        .node()
        .path("edits")
        .valueStream()
        .map(Input::new)
        .map(it -> new Edit(it.text("old_text"), it.text("new_text"), it.flag("replace_all")))
        .toList();
  }
}
