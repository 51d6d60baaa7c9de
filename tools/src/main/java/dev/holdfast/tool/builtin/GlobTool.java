package dev.holdfast.tool.builtin;

import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Finds files by name. */
final class GlobTool extends BuiltIn {
  private static final int DEFAULT_RESULTS = 500;

  GlobTool() {
    super("glob");
  }

  @Override
  Reach reach(Input input) {
    return Reach.ofPaths(List.of(input.path("path")));
  }

  @Override
  JsonNode call(ToolContext context, Input input) {
    var path = input.path("path");
    WorkspacePath.requireExisting(context.workbench().files(), path);
    var argv = new ArrayList<>(List.of("rg", "--no-config", "--files", "--null", "--hidden"));
    if (input.flag("include_ignored")) {
      argv.add("--no-ignore");
    }
    var pattern = input.text("pattern");
    boolean below = pattern.contains("/") && !path.equals(".") && !pattern.startsWith("**");
    argv.add("--glob=" + (below ? path + "/" + pattern : pattern));
    argv.addAll(List.of("--glob=!.git", "--", path));
    var result = Ripgrep.run(context, argv);
    var found =
        Stream.of(result.stdoutText().split("\0", -1))
            .filter(it -> !it.isEmpty())
            .map(WorkspacePath::of)
            .sorted()
            .toList();
    int most = input.number("max_results", DEFAULT_RESULTS);
    var output = JsonNodeFactory.instance.objectNode();
    var paths = output.putArray("paths");
    found.stream().limit(most).forEach(paths::add);
    return output
        .put("total", found.size())
        .put("clipped", found.size() > most || Ripgrep.cutOff(result));
  }
}
