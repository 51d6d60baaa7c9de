package dev.holdfast.tool.edit;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.edit.FilePatch.Hunk;
import java.util.List;

/** Says why a hunk does not fit: where it nearly does, and what is there. */
final class HunkMismatch {
  private static final int MOST_SHOWN = 20;
  private static final int MOST_CHARACTERS = 200;

  private HunkMismatch() {}

  /** The error for a hunk that fits nowhere near {@code stated} in {@code lines}. */
  static ToolFault fault(
      String path, int number, Hunk hunk, List<String> lines, int used, int stated) {
    var before = hunk.before();
    int place = nearest(before, lines, used, stated);
    int wrong = 0;
    while (wrong < before.size() && same(before, lines, place, wrong)) {
      wrong++;
    }
    // all same but none fitting: it begins above the first line, or before the hunk above ends
    var wanted = wrong < before.size() ? before.get(wrong) : before.getFirst();
    var there = place + wrong < lines.size() ? lines.get(place + wrong) : "";
    var excerpt =
        Lines.excerpt(
            Lines.of(String.join("", lines)),
            place + 1,
            place + Math.min(before.size(), MOST_SHOWN));
    return new ToolFault(
        ErrorCode.CONFLICT,
        "hunk %d (`%s`) does not fit `%s`: the patch has `%s`, line %d of the file %s; there is:\n%s"
            .formatted(
                number,
                hunk.header(),
                path,
                shown(wanted),
                place + wrong + 1,
                difference(wanted, there),
                excerpt),
        "read the file again and copy the context exactly, with tabs and spaces; nothing was"
            + " changed");
  }

  private static String difference(String wanted, String there) {
    if (there.isEmpty()) {
      return "does not exist";
    }
    if (there.stripTrailing().equals(wanted.stripTrailing())) {
      if (!there.endsWith("\n")) {
        return "is the last and has no newline: say so with `\\ No newline at end of file`";
      }
      return there.endsWith("\r\n") ? "ends in CRLF" : "differs in the spaces at its end";
    }
    return "is `%s`".formatted(shown(there));
  }

  private static String shown(String line) {
    var text = line.stripTrailing();
    return text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "…" : text;
  }

  /** The place near {@code stated} where most lines are the same. */
  private static int nearest(List<String> before, List<String> lines, int used, int stated) {
    int best = Math.clamp(stated, 0, Math.max(0, lines.size() - 1));
    int most = -1;
    int last = Math.min(lines.size() - 1, stated + PatchedText.FARTHEST);
    for (int at = Math.max(used, stated - PatchedText.FARTHEST); at <= last; at++) {
      int matching = 0;
      for (int i = 0; i < before.size(); i++) {
        matching += same(before, lines, at, i) ? 1 : 0;
      }
      if (matching > most) {
        most = matching;
        best = at;
      }
    }
    return best;
  }

  private static boolean same(List<String> before, List<String> lines, int at, int i) {
    return at + i < lines.size() && lines.get(at + i).equals(before.get(i));
  }
}
