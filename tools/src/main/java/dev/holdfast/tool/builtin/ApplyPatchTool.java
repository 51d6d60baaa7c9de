package dev.holdfast.tool.builtin;

import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.edit.FilePatch;
import dev.holdfast.tool.edit.FilePatch.Kind;
import dev.holdfast.tool.edit.UnifiedDiff;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Applies unified diffs. */
final class ApplyPatchTool extends BuiltIn {
  ApplyPatchTool() {
    super("apply_patch");
  }

  /** Every path in the patch. One that cannot be read reaches nothing: the call refuses it, too. */
  @Override
  Reach reach(Input input) {
    try {
      return Reach.ofPaths(patches(input).stream().flatMap(ApplyPatchTool::paths).toList());
    } catch (ToolFault unreadable) {
      return Reach.NOTHING;
    }
  }

  @Override
  JsonNode call(ToolContext context, Input input) {
    var patches = patches(input);
    var steps = new PatchSteps(context.workbench().files()).plan(patches);
    PatchWriter.write(context.workbench().files(), steps);
    var output = JsonNodeFactory.instance.objectNode();
    var files = output.putArray("files");
    for (var step : steps) {
      describe(files, step);
    }
    return output;
  }

  /** The patch with its paths in the spelling that policies see. */
  private static List<FilePatch> patches(Input input) {
    return UnifiedDiff.parse(input.text("patch")).stream()
        .map(
            it ->
                new FilePatch(
                    it.from().map(WorkspacePath::of),
                    it.to().map(WorkspacePath::of),
                    it.executable(),
                    it.hunks()))
        .toList();
  }

  private static Stream<String> paths(FilePatch patch) {
    return Stream.concat(patch.from().stream(), patch.to().stream()).distinct();
  }

  private static void describe(ArrayNode files, PatchStep step) {
    var patch = step.patch();
    var file = files.addObject().put("path", patch.path());
    switch (step) {
      case PatchStep.Create _ -> file.put("action", "created");
      case PatchStep.Modify _ -> file.put("action", "modified");
      case PatchStep.Delete _ -> file.put("action", "deleted");
      case PatchStep.Rename rename ->
          file.put("action", "renamed").put("renamed_from", rename.from());
    }
    file.put("insertions", patch.count(Kind.ADDED)).put("deletions", patch.count(Kind.REMOVED));
    if (!step.offsets().isEmpty()) {
      var offsets = file.putArray("offsets");
      step.offsets().forEach(offsets::add);
    }
  }
}
