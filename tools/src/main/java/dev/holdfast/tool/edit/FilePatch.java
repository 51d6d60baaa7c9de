package dev.holdfast.tool.edit;

import java.util.List;
import java.util.Optional;

/**
 * What a patch does to one file.
 *
 * @param from its path before; empty for a new file
 * @param to its path afterwards; empty for a deleted file
 * @param executable whether a new file is a program
 */
public record FilePatch(
    Optional<String> from, Optional<String> to, boolean executable, List<Hunk> hunks) {
  public FilePatch {
    hunks = List.copyOf(hunks);
  }

  /**
   * One piece of a change.
   *
   * @param header as it was written, for messages
   * @param start the number of its first line in the old file; with no old lines, of the line
   *     before
   */
  public record Hunk(String header, int start, List<Line> lines) {
    public Hunk {
      lines = List.copyOf(lines);
    }

    List<String> before() {
      return lines.stream().filter(it -> it.kind() != Kind.ADDED).map(Line::text).toList();
    }

    List<String> after() {
      return lines.stream().filter(it -> it.kind() != Kind.REMOVED).map(Line::text).toList();
    }
  }

  /** What a line of a hunk is. */
  public enum Kind {
    CONTEXT,
    ADDED,
    REMOVED
  }

  /**
   * A line of a hunk.
   *
   * @param text with its LF, which only the last line of a file may lack
   */
  public record Line(Kind kind, String text) {}

  /** How many lines of this kind there are. */
  public int count(Kind kind) {
    return (int)
        hunks.stream().flatMap(it -> it.lines().stream()).filter(it -> it.kind() == kind).count();
  }

  /** The path that a reader knows it by: the new one, or the old one of a deleted file. */
  public String path() {
    return to.or(() -> from).orElse("");
  }
}
