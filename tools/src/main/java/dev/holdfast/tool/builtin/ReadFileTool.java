package dev.holdfast.tool.builtin;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.edit.Lines;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads text files, with line numbers. */
final class ReadFileTool extends BuiltIn {
  private static final int MOST_LINES = 2_000;
  private static final int MOST_LINE_CHARACTERS = 2_000;
  private static final int MOST_CHARACTERS = 50_000;

  ReadFileTool() {
    super("read_file");
  }

  @Override
  Reach reach(Input input) {
    return Reach.ofPaths(List.of(input.path("path")));
  }

  @Override
  JsonNode call(ToolContext context, Input input) {
    var path = input.path("path");
    var text = TextFile.read(context.workbench().files(), path);
    var lines = Lines.of(text);
    int first = input.number("first_line", 1);
    int last = Math.min(input.number("last_line", lines.size()), lines.size());
    if (first > Math.max(1, lines.size()) || last < Math.min(first, lines.size())) {
      throw new ToolFault(
          ErrorCode.INVALID_INPUT,
          "lines %d to %d of `%s` cannot be read: it has %d"
              .formatted(first, input.number("last_line", last), path, lines.size()),
          "first_line is 1 to %d, last_line not below it".formatted(Math.max(1, lines.size())));
    }
    return page(path, text, lines, first, last);
  }

  private static JsonNode page(String path, String text, List<String> lines, int first, int last) {
    var content = new StringBuilder();
    boolean cut = false;
    int line = first;
    for (; line <= last && line < first + MOST_LINES; line++) {
      var shown = lines.get(line - 1);
      cut |= shown.length() > MOST_LINE_CHARACTERS;
      var numbered = Lines.numbered(line, Clip.head(shown, MOST_LINE_CHARACTERS));
      if (!content.isEmpty() && content.length() + numbered.length() > MOST_CHARACTERS) {
        break;
      }
      content.append(numbered);
    }
    var output =
        JsonNodeFactory.instance
            .objectNode()
            .put("path", path)
            .put("content", content.toString())
            .put("first_line", first)
            .put("last_line", lines.isEmpty() ? 0 : line - 1)
            .put("total_lines", lines.size())
            .put("clipped", cut || line - 1 < lines.size());
    return text.contains("\r\n") ? output.put("line_ends", "crlf") : output;
  }
}
