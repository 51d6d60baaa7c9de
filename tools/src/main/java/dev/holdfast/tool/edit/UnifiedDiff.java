package dev.holdfast.tool.edit;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.edit.FilePatch.Hunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads unified diffs, with or without git's headers. Strict: what it does not know, it refuses.
 */
public final class UnifiedDiff {
  /** The most files that one patch may touch. */
  public static final int MOST_FILES = 200;

  private static final String EXPECTED =
      "start each file with `--- a/path` and `+++ b/path` (/dev/null for a new or deleted one),"
          + " each hunk with `@@ -start,count +start,count @@`";

  private final PatchLines lines;
  private final List<FilePatch> files = new ArrayList<>();

  private UnifiedDiff(String patch) {
    lines = new PatchLines(patch);
  }

  /**
   * The files that a patch changes.
   *
   * @throws ToolFault saying which line of the patch is wrong
   */
  public static List<FilePatch> parse(String patch) {
    return new UnifiedDiff(patch).parse();
  }

  private List<FilePatch> parse() {
    while (lines.hasNext()) {
      if (lines.peek().startsWith("diff --git ") || lines.atNames()) {
        file();
      } else if (lines.peek().startsWith("@@ ")) {
        throw lines.fault("a hunk stands before any file", EXPECTED);
      } else {
        lines.next(); // words of a mail or a commit, between files
      }
    }
    if (files.isEmpty()) {
      throw new ToolFault(
          ErrorCode.INVALID_INPUT,
          "the patch has no file in it",
          EXPECTED + "; nothing was changed");
    }
    return files;
  }

  private void file() {
    if (files.size() == MOST_FILES) {
      throw lines.fault("more than %d files".formatted(MOST_FILES), "split the patch");
    }
    var header = PatchHeader.read(lines);
    var hunks = new ArrayList<Hunk>();
    while (lines.peek().startsWith("@@")) {
      hunks.add(HunkReader.read(lines));
    }
    if (hunks.isEmpty() && !header.enough()) {
      throw lines.fault("a file without a hunk", EXPECTED);
    }
    files.add(
        new FilePatch(
            Optional.of(header.from()).filter(it -> !it.isEmpty()),
            Optional.of(header.to()).filter(it -> !it.isEmpty()),
            header.executable(),
            hunks));
  }
}
