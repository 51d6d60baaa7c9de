package dev.holdfast.tool.edit;

import dev.holdfast.tool.ToolFault;
import java.util.regex.Pattern;

/** What stands above the hunks of a file. */
final class PatchHeader {
  private static final String NOTHING = "/dev/null";
  private static final Pattern SAME_NAMES = Pattern.compile("diff --git a/(.+) b/\\1");
  private static final String FILE_MODE = "100";

  private final PatchLines lines;
  private String from = "";
  private String to = "";
  private boolean created;
  private boolean deleted;
  private boolean renamed;
  private boolean executable;

  private PatchHeader(PatchLines lines) {
    this.lines = lines;
  }

  /**
   * The header that comes next.
   *
   * @throws ToolFault when it says what is not supported
   */
  static PatchHeader read(PatchLines lines) {
    var header = new PatchHeader(lines);
    if (lines.peek().startsWith("diff --git ")) {
      header.git();
    }
    if (lines.atNames()) {
      header.names();
    }
    if (header.from.isEmpty() && header.to.isEmpty()) {
      throw lines.fault("it is not said which file", "write `--- a/path` and `+++ b/path`");
    }
    return header;
  }

  String from() {
    return from;
  }

  String to() {
    return to;
  }

  boolean executable() {
    return executable;
  }

  /** Whether the header alone changes something: an empty file, or a mere rename. */
  boolean enough() {
    return created || deleted || renamed;
  }

  private void git() {
    var same = SAME_NAMES.matcher(lines.header());
    lines.next();
    if (same.matches()) {
      from = same.group(1);
      to = from;
    }
    // ends at the names, at a hunk, at the next file, or at a line that is no header of git's
    while (lines.hasNext() && !lines.atNames() && extended(lines.header())) {
      lines.next();
    }
    from = created ? "" : from;
    to = deleted ? "" : to;
  }

  private boolean extended(String line) {
    if (line.startsWith("new file mode ")) {
      created = true;
      mode(line.substring("new file mode ".length()));
    } else if (line.startsWith("deleted file mode ")) {
      deleted = true;
      mode(line.substring("deleted file mode ".length()));
    } else if (line.startsWith("rename from ")) {
      renamed = true;
      from = unquoted(line.substring("rename from ".length()));
    } else if (line.startsWith("rename to ")) {
      renamed = true;
      to = unquoted(line.substring("rename to ".length()));
    } else {
      refuse(line);
      return line.startsWith("index ")
          || line.startsWith("similarity index ")
          || line.startsWith("dissimilarity index ");
    }
    return true;
  }

  private void mode(String mode) {
    if (!mode.startsWith(FILE_MODE)) {
      throw lines.fault(
          "mode `%s` is no regular file".formatted(mode), "make links with shell (`ln -s`)");
    }
    executable = mode.endsWith("755");
  }

  private void refuse(String line) {
    if (line.startsWith("Binary files ") || line.equals("GIT binary patch")) {
      throw lines.fault("binary patches are refused", "leave the file out");
    }
    if (line.startsWith("old mode ") || line.startsWith("new mode ")) {
      throw lines.fault("changes of mode are refused", "use shell (`chmod`) for it");
    }
    if (line.startsWith("copy from ") || line.startsWith("copy to ")) {
      throw lines.fault("copies are refused", "give the copy as a new file");
    }
  }

  private void names() {
    var old = name(lines.header());
    lines.next();
    var fresh = name(lines.header());
    lines.next();
    boolean prefixed =
        (old.equals(NOTHING) || old.startsWith("a/"))
            && (fresh.equals(NOTHING) || fresh.startsWith("b/"));
    var oldPath = path(old, prefixed);
    var newPath = path(fresh, prefixed);
    boolean other = !from.equals(oldPath) || !to.equals(newPath);
    if (enough() && other && !(from.isEmpty() && to.isEmpty())) {
      throw lines.fault(
          "the names `%s` and `%s` are not those of the header above".formatted(old, fresh),
          "give the same names in both");
    }
    from = oldPath;
    to = newPath;
  }

  private static String path(String name, boolean prefixed) {
    return name.equals(NOTHING) ? "" : prefixed ? name.substring(2) : name;
  }

  /** The name in a {@code ---} or {@code +++} line: a time may follow it after a tab. */
  private String name(String line) {
    var rest = line.substring("--- ".length());
    int tab = rest.indexOf('\t');
    return unquoted((tab < 0 ? rest : rest.substring(0, tab)).stripTrailing());
  }

  private String unquoted(String name) {
    if (!name.startsWith("\"")) {
      return name;
    }
    return GitQuotes.unquoted(name)
        .orElseThrow(
            () ->
                lines.fault("`%s` is not quoted as git does".formatted(name), "write it plainly"));
  }
}
