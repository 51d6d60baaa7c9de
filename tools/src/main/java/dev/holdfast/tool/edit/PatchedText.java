package dev.holdfast.tool.edit;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.edit.FilePatch.Hunk;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A text that hunks are applied to, exactly or not at all. */
public final class PatchedText {
  /** How far from where it says a hunk is looked for, in lines. */
  static final int FARTHEST = 100;

  private static final int MOST_PLACES_NAMED = 10;
  private static final String READ_AGAIN =
      "read the file again and copy the context exactly; nothing was changed";

  private final String path;
  private final List<String> lines;
  private final List<String> result = new ArrayList<>();
  private final List<String> offsets = new ArrayList<>();
  private int used;
  private int drift;

  private PatchedText(String path, String text) {
    this.path = path;
    this.lines = withEnds(text);
  }

  /** The new text, and the hunks that fitted elsewhere than they said. */
  public record Patched(String text, List<String> offsets) {}

  /**
   * Applies hunks, which stand in the order of the file.
   *
   * @throws ToolFault when one does not fit, with what is there instead
   */
  public static Patched apply(String path, String text, List<Hunk> hunks) {
    var state = new PatchedText(path, text);
    for (int i = 0; i < hunks.size(); i++) {
      state.apply(hunks.get(i), i + 1);
    }
    return state.patched();
  }

  /** Lines with their LF; only the last may have none. */
  private static List<String> withEnds(String text) {
    var lines = new ArrayList<String>();
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf('\n', start);
      int next = end < 0 ? text.length() : end + 1;
      lines.add(text.substring(start, next));
      start = next;
    }
    return lines;
  }

  private void apply(Hunk hunk, int number) {
    var before = hunk.before();
    int stated = before.isEmpty() ? hunk.start() : hunk.start() - 1;
    int place = place(hunk, number, before, stated);
    if (place != stated) {
      offsets.add("hunk %d: applied at line %d, not %d".formatted(number, place + 1, hunk.start()));
    }
    drift = place - stated;
    result.addAll(lines.subList(used, place));
    result.addAll(hunk.after());
    used = place + before.size();
  }

  private int place(Hunk hunk, int number, List<String> before, int stated) {
    if (fits(before, stated)) {
      return stated;
    }
    if (before.isEmpty()) {
      throw conflict(
          "hunk %d (`%s`) adds after line %d of `%s`, which has %d lines or is changed above there"
              .formatted(number, hunk.header(), stated, path, lines.size()));
    }
    if (fits(before, stated + drift)) {
      return stated + drift;
    }
    var places = near(before, stated);
    if (places.isEmpty()) {
      throw HunkMismatch.fault(path, number, hunk, lines, used, stated);
    }
    if (places.size() > 1) {
      throw conflict(
          "hunk %d (`%s`) does not fit where it says, but at several places of `%s`: lines %s"
              .formatted(number, hunk.header(), path, named(places)));
    }
    return places.getFirst();
  }

  private static String named(List<Integer> places) {
    return places.stream()
        .limit(MOST_PLACES_NAMED)
        .map(it -> String.valueOf(it + 1))
        .collect(Collectors.joining(", "));
  }

  private List<Integer> near(List<String> before, int stated) {
    var places = new ArrayList<Integer>();
    int last = Math.min(lines.size() - before.size(), stated + FARTHEST);
    for (int at = Math.max(used, stated - FARTHEST); at <= last; at++) {
      if (fits(before, at)) {
        places.add(at);
      }
    }
    return places;
  }

  private boolean fits(List<String> before, int at) {
    return at >= used
        && at <= lines.size() - before.size()
        && lines.subList(at, at + before.size()).equals(before);
  }

  private Patched patched() {
    result.addAll(lines.subList(used, lines.size()));
    for (int i = 0; i < result.size() - 1; i++) {
      if (!result.get(i).endsWith("\n")) {
        throw conflict(
            "line %d of the new `%s` would have no newline, but is not the last"
                .formatted(i + 1, path));
      }
    }
    return new Patched(String.join("", result), List.copyOf(offsets));
  }

  private static ToolFault conflict(String message) {
    return new ToolFault(ErrorCode.CONFLICT, message, READ_AGAIN);
  }
}
