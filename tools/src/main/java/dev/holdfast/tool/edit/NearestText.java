package dev.holdfast.tool.edit;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolFault;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds what a text that is not there was probably meant to be. */
final class NearestText {
  /** Comparisons of lines, at most; beyond it a search would cost more than it helps. */
  private static final int MOST_COMPARISONS = 2_000_000;

  private static final double WORTH_SHOWING = 0.35;
  private static final int MOST_LINES_SHOWN = 30;
  private static final String READ_AGAIN =
      "read the file again and copy the text exactly; nothing was changed";

  private NearestText() {}

  /** The error for {@code wanted} missing in {@code text}. */
  static ToolFault notFound(String path, String text, String wanted, String which) {
    var lines = Lines.of(text);
    var sought = Lines.of(wanted);
    var missing = "old_text%s is not in `%s`".formatted(which, path);
    var best = nearest(lines, sought);
    if (best.score < WORTH_SHOWING) {
      return new ToolFault(ErrorCode.CONFLICT, missing, hint(sought) + READ_AGAIN);
    }
    int last = best.line + Math.min(sought.size(), MOST_LINES_SHOWN) - 1;
    var there = Lines.excerpt(lines, best.line, last);
    return new ToolFault(
        ErrorCode.CONFLICT,
        "%s; the nearest text is at line %d%s:\n%s"
            .formatted(missing, best.line, difference(lines, sought, best.line), there),
        hint(sought) + READ_AGAIN);
  }

  private record Best(int line, double score) {}

  private static Best nearest(List<String> lines, List<String> sought) {
    var best = new Best(1, 0);
    if ((long) lines.size() * sought.size() > MOST_COMPARISONS) {
      return best;
    }
    var words = sought.stream().map(NearestText::words).toList();
    var there = lines.stream().map(NearestText::words).toList();
    for (int start = 0; start + sought.size() <= Math.max(lines.size(), sought.size()); start++) {
      double score = 0;
      for (int i = 0; i < sought.size() && start + i < lines.size(); i++) {
        score += similarity(there.get(start + i), words.get(i));
      }
      if (score / sought.size() > best.score) {
        best = new Best(start + 1, score / sought.size());
      }
    }
    return best;
  }

  private static Set<String> words(String line) {
    return new HashSet<>(List.of(line.strip().split("\\b|(?<=\\W)|(?=\\W)")));
  }

  private static double similarity(Set<String> a, Set<String> b) {
    long common = a.stream().filter(b::contains).count();
    return (double) common / Math.max(1, a.size() + b.size() - common);
  }

  private static String difference(List<String> lines, List<String> sought, int line) {
    for (int i = 0; i < sought.size() && line - 1 + i < lines.size(); i++) {
      var there = lines.get(line - 1 + i);
      var wanted = sought.get(i);
      if (!there.equals(wanted)) {
        return there.strip().equals(wanted.strip()) ? whitespace(there, wanted) : "";
      }
    }
    return "";
  }

  private static String whitespace(String there, String wanted) {
    if (indent(there).contains("\t") != indent(wanted).contains("\t")) {
      return ", which is indented with %s"
          .formatted(indent(there).contains("\t") ? "tabs, not spaces" : "spaces, not tabs");
    }
    if (!indent(there).equals(indent(wanted))) {
      return ", which is indented by %d characters, not %d"
          .formatted(indent(there).length(), indent(wanted).length());
    }
    return ", which differs in the spaces at the end of a line";
  }

  private static String indent(String line) {
    return line.substring(0, line.length() - line.stripLeading().length());
  }

  private static String hint(List<String> sought) {
    boolean numbered =
        !sought.isEmpty() && sought.stream().allMatch(it -> it.matches("\\s*\\d+\\t.*"));
    return numbered ? "leave the line numbers out; " : "";
  }
}
