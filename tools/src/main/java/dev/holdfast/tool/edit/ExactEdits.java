package dev.holdfast.tool.edit;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolFault;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Exact replacements in a text, all or none. */
public final class ExactEdits {
  private static final int MOST_PLACES_NAMED = 10;
  private static final int EXCERPT_AROUND = 3;
  private static final int EXCERPT_MOST_LINES = 40;
  private static final int EXCERPT_MOST_CHARACTERS = 6_000;

  private final String path;
  private final List<String> notes = new ArrayList<>();
  private String text;
  private int replacements;
  private int firstChanged = Integer.MAX_VALUE;
  private int lastChanged;

  private ExactEdits(String path, String text) {
    this.path = path;
    this.text = text;
  }

  /** {@code oldText} becomes {@code newText}: at its one place, or at every one. */
  public record Edit(String oldText, String newText, boolean replaceAll) {}

  /** The text after all edits, and what to tell the model. */
  public record Edited(String text, int replacements, String excerpt, List<String> notes) {}

  /**
   * Applies edits one after the other.
   *
   * @throws ToolFault when one does not fit, with what is there instead
   */
  public static Edited apply(String path, String text, List<Edit> edits) {
    var state = new ExactEdits(path, text);
    for (int i = 0; i < edits.size(); i++) {
      state.apply(edits.get(i), edits.size() == 1 ? "" : " (edits[%d])".formatted(i));
    }
    return new Edited(state.text, state.replacements, state.excerpt(), List.copyOf(state.notes));
  }

  private void apply(Edit given, String which) {
    var edit = withLineEnds(given);
    if (edit.oldText().equals(edit.newText())) {
      throw new ToolFault(
          ErrorCode.CONFLICT,
          "old_text and new_text are the same%s".formatted(which),
          "leave the edit out, or give the text that shall be there");
    }
    var places = places(edit.oldText());
    if (places.isEmpty()) {
      throw NearestText.notFound(path, text, edit.oldText(), which);
    }
    if (places.size() > 1 && !edit.replaceAll()) {
      throw ambiguous(places, which);
    }
    replace(edit, places);
  }

  private void replace(Edit edit, List<Integer> places) {
    var changed = new StringBuilder();
    int from = 0;
    for (int place : places) {
      changed.append(text, from, place).append(edit.newText());
      from = place + edit.oldText().length();
    }
    int firstPlace = places.getFirst();
    int end = changed.length();
    text = changed.append(text, from, text.length()).toString();
    firstChanged = Math.min(firstChanged, Lines.at(text, firstPlace));
    lastChanged = Math.max(lastChanged, Lines.at(text, end));
    replacements += places.size();
  }

  /** Models write LF; in a file of CRLF lines they mean CRLF. */
  private Edit withLineEnds(Edit edit) {
    boolean crlf = text.contains("\r\n") && !text.replace("\r\n", "").contains("\n");
    if (!crlf
        || edit.oldText().contains("\r")
        || !(edit.oldText() + edit.newText()).contains("\n")) {
      return edit;
    }
    var note = "the file's lines end in CRLF: the edit was adapted";
    if (!notes.contains(note)) {
      notes.add(note);
    }
    return new Edit(
        edit.oldText().replace("\n", "\r\n"),
        edit.newText().replace("\r\n", "\n").replace("\n", "\r\n"),
        edit.replaceAll());
  }

  private List<Integer> places(String wanted) {
    var places = new ArrayList<Integer>();
    for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length())) {
      places.add(at);
    }
    return places;
  }

  private ToolFault ambiguous(List<Integer> places, String which) {
    var lines =
        places.stream()
            .limit(MOST_PLACES_NAMED)
            .map(place -> String.valueOf(Lines.at(text, place)))
            .collect(Collectors.joining(", "));
    return new ToolFault(
        ErrorCode.CONFLICT,
        "old_text%s is at %d places of `%s`: lines %s%s"
            .formatted(
                which, places.size(), path, lines, places.size() > MOST_PLACES_NAMED ? ", …" : ""),
        "add lines around it to old_text until it is there once, or set replace_all; nothing was"
            + " changed");
  }

  private String excerpt() {
    int first = firstChanged - EXCERPT_AROUND;
    int last = Math.min(lastChanged + EXCERPT_AROUND, first + EXCERPT_MOST_LINES);
    var excerpt = Lines.excerpt(Lines.of(text), first, last);
    return excerpt.length() > EXCERPT_MOST_CHARACTERS
        ? excerpt.substring(0, EXCERPT_MOST_CHARACTERS) + "…\n"
        : excerpt;
  }
}
