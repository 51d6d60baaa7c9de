package dev.holdfast.tool.builtin;

import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Searches file contents. */
final class SearchTool extends BuiltIn {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int DEFAULT_RESULTS = 100;
  private static final int MOST_LINE_CHARACTERS = 400;

  SearchTool() {
    super("search");
  }

  @Override
  Reach reach(Input input) {
    return Reach.ofPaths(List.of(input.path("path")));
  }

  @Override
  JsonNode call(ToolContext context, Input input) {
    WorkspacePath.requireExisting(context.workbench().files(), input.path("path"));
    var result = Ripgrep.run(context, argv(input));
    var found = new Found(input.number("context_lines", 0));
    result.stdoutText().lines().forEach(found::event);
    return found.output(input.number("max_results", DEFAULT_RESULTS), Ripgrep.cutOff(result));
  }

  private static List<String> argv(Input input) {
    var argv = new ArrayList<>(List.of("rg", "--no-config", "--json", "--sort=path", "--hidden"));
    if (input.flag("literal")) {
      argv.add("--fixed-strings");
    }
    if (input.flag("ignore_case")) {
      argv.add("--ignore-case");
    }
    if (input.flag("include_ignored")) {
      argv.add("--no-ignore");
    }
    argv.add("--context=" + input.number("context_lines", 0));
    // one more than is shown tells that there are more
    argv.add("--max-count=" + (input.number("max_results", DEFAULT_RESULTS) + 1));
    input.texts("globs").forEach(glob -> argv.add("--glob=" + glob));
    argv.addAll(List.of("--glob=!.git", "--regexp=" + input.text("pattern"), "--"));
    argv.add(input.path("path"));
    return argv;
  }

  /** Gathers ripgrep's events; anything that is not one is passed over. */
  private static final class Found {
    private final int around;
    private final List<ObjectNode> matches = new ArrayList<>();
    private final TreeMap<Integer, String> lines = new TreeMap<>();
    private final List<Integer> matched = new ArrayList<>();
    private String path = "";

    Found(int around) {
      this.around = around;
    }

    void event(String line) {
      JsonNode event;
      try {
        event = JSON.readTree(line);
      } catch (JacksonException cutOff) {
        return;
      }
      var data = event.path("data");
      switch (event.path("type").asString("")) {
        case "begin" -> path = WorkspacePath.of(data.path("path").path("text").asString(""));
        case "match" -> add(data, true);
        case "context" -> add(data, false);
        case "end" -> endOfFile();
        default -> {} // summary
      }
    }

    private void add(JsonNode data, boolean match) {
      int number = data.path("line_number").asInt(0);
      lines.put(number, shown(data.path("lines").path("text").asString("")));
      if (match) {
        matched.add(number);
      }
    }

    private void endOfFile() {
      for (int number : matched) {
        var match = JsonNodeFactory.instance.objectNode();
        match.put("path", path).put("line", number).put("text", lines.getOrDefault(number, ""));
        if (around > 0) {
          var before = match.putArray("before");
          lines.subMap(number - around, number).values().forEach(before::add);
          var after = match.putArray("after");
          lines.subMap(number + 1, number + 1 + around).values().forEach(after::add);
        }
        matches.add(match);
      }
      lines.clear();
      matched.clear();
    }

    JsonNode output(int most, boolean cutOff) {
      endOfFile();
      var output = JsonNodeFactory.instance.objectNode();
      var shown = output.putArray("matches");
      matches.stream().limit(most).forEach(shown::add);
      var files = new HashSet<String>();
      shown.valueStream().forEach(match -> files.add(match.path("path").asString()));
      return output.put("files", files.size()).put("clipped", cutOff || matches.size() > most);
    }

    private static String shown(String line) {
      return Clip.head(line.stripTrailing(), MOST_LINE_CHARACTERS);
    }
  }
}
