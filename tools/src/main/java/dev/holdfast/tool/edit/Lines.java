package dev.holdfast.tool.edit;

import java.util.ArrayList;
import java.util.List;

/** Text as lines. */
public final class Lines {
  private Lines() {}

  /** The lines without their ends (LF or CRLF); a last line without an end counts. */
  public static List<String> of(String text) {
    var lines = new ArrayList<String>();
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf('\n', start);
      int stop = end < 0 ? text.length() : end;
      boolean crlf = end > start && text.charAt(end - 1) == '\r';
      lines.add(text.substring(start, crlf ? stop - 1 : stop));
      start = stop + 1;
    }
    return lines;
  }

  /** A line with its number, as models see it. */
  public static String numbered(int number, String line) {
    return "%6d\t%s\n".formatted(number, line);
  }

  /** The number, from 1, of the line that holds the character at {@code offset}. */
  static int at(String text, int offset) {
    return 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
  }

  /** Lines {@code first} to {@code last} (both within), numbered, as far as there are such. */
  static String excerpt(List<String> lines, int first, int last) {
    var excerpt = new StringBuilder();
    for (int i = Math.max(1, first); i <= Math.min(last, lines.size()); i++) {
      var line = lines.get(i - 1);
      excerpt.append(numbered(i, line.length() > 200 ? line.substring(0, 200) + "…" : line));
    }
    return excerpt.toString();
  }
}
