package dev.holdfast.tool.edit;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolFault;
import java.util.List;

/** The lines of a patch, read one after the other. */
final class PatchLines {
  private final List<String> lines;
  private int at;

  PatchLines(String patch) {
    var body = patch.endsWith("\n") ? patch.substring(0, patch.length() - 1) : patch;
    lines = List.of(body.split("\n", -1));
  }

  boolean hasNext() {
    return at < lines.size();
  }

  /** The line that comes next, without its LF; empty at the end. */
  String peek() {
    return peek(0);
  }

  String peek(int ahead) {
    return at + ahead < lines.size() ? lines.get(at + ahead) : "";
  }

  /** The line that comes next, without the CR of a patch whose headers end in CRLF. */
  String header() {
    var line = peek();
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  String next() {
    var line = peek();
    at++;
    return line;
  }

  /** Whether a file's two names come next. */
  boolean atNames() {
    return peek().startsWith("--- ") && peek(1).startsWith("+++ ");
  }

  /** A fault about the line that comes next. */
  ToolFault fault(String message, String next) {
    return new ToolFault(
        ErrorCode.INVALID_INPUT,
        "line %d of the patch: %s".formatted(at + 1, message),
        next + "; nothing was changed");
  }
}
