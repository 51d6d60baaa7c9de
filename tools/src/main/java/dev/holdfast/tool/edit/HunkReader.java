package dev.holdfast.tool.edit;

import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.edit.FilePatch.Hunk;
import dev.holdfast.tool.edit.FilePatch.Kind;
import dev.holdfast.tool.edit.FilePatch.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a hunk by the counts in its header. */
final class HunkReader {
  private static final Pattern HEADER =
      Pattern.compile("@@ -(\\d{1,9})(?:,(\\d{1,9}))? \\+(\\d{1,9})(?:,(\\d{1,9}))? @@.*");

  private final PatchLines patch;
  private final List<Line> lines = new ArrayList<>();
  private int old;
  private int fresh;

  private HunkReader(PatchLines patch) {
    this.patch = patch;
  }

  /**
   * The hunk that comes next.
   *
   * @throws ToolFault when it is not well-formed or its counts are wrong
   */
  static Hunk read(PatchLines patch) {
    return new HunkReader(patch).read();
  }

  private Hunk read() {
    var header = patch.header();
    var matcher = HEADER.matcher(header);
    if (!matcher.matches()) {
      throw patch.fault(
          "`%s` is no hunk header".formatted(header), "write `@@ -start,count +start,count @@`");
    }
    int start = Integer.parseInt(matcher.group(1));
    int wantedOld = count(matcher.group(2));
    int wantedNew = count(matcher.group(4));
    patch.next();
    while (old < wantedOld || fresh < wantedNew) {
      var line = line();
      if (line.isEmpty()) {
        throw wrongCounts(header, wantedOld, wantedNew);
      }
      add(line.get());
    }
    if (old != wantedOld || fresh != wantedNew || goesOn()) {
      throw wrongCounts(header, wantedOld, wantedNew);
    }
    return new Hunk(header, start, lines);
  }

  private static int count(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 1 : Integer.parseInt(digits);
  }

  private void add(Line line) {
    lines.add(line);
    old += line.kind() == Kind.ADDED ? 0 : 1;
    fresh += line.kind() == Kind.REMOVED ? 0 : 1;
  }

  /** The line that comes next, if it is one of a hunk, with the note that it has no LF. */
  private Optional<Line> line() {
    if (!patch.hasNext()) {
      return Optional.empty();
    }
    var line = patch.peek();
    // git and patch take an empty line as an empty line of context, too
    char sign = line.isEmpty() || line.equals("\r") ? ' ' : line.charAt(0);
    if (sign != ' ' && sign != '+' && sign != '-') {
      return Optional.empty();
    }
    patch.next();
    var text = line.startsWith(String.valueOf(sign)) ? line.substring(1) : line;
    boolean unended = patch.peek().startsWith("\\ ");
    if (unended) {
      patch.next();
    }
    var kind = sign == ' ' ? Kind.CONTEXT : sign == '+' ? Kind.ADDED : Kind.REMOVED;
    return Optional.of(new Line(kind, unended ? text : text + "\n"));
  }

  /**
   * Whether lines follow that look like more of the hunk; {@code -- } begins a mail's signature.
   */
  private boolean goesOn() {
    var line = patch.peek();
    return !patch.atNames()
        && !line.equals("-- ")
        && (line.startsWith("+") || line.startsWith("-") || line.startsWith(" "));
  }

  private ToolFault wrongCounts(String header, int wantedOld, int wantedNew) {
    while (goesOn()) {
      line().ifPresent(this::add);
    }
    return patch.fault(
        "the hunk `%s` has %d old and %d new lines, but its header says %d and %d"
            .formatted(header, old, fresh, wantedOld, wantedNew),
        "count again: context lines and `-` are old, context lines and `+` are new, and every"
            + " line begins with a space, `-` or `+`");
  }
}
