package dev.holdfast.workspace;

import java.util.List;

/**
 * What a workspace proposes, against the commit it started from.
 *
 * @param files what differs, sorted by path; files that git ignores are left out
 * @param hash SHA-256 over every path, mode and content in {@code files}: equal exactly when the
 *     proposal is
 */
public record Change(List<ChangedFile> files, String hash) {
  public Change {
    files = List.copyOf(files);
  }

  public boolean isEmpty() {
    return files.isEmpty();
  }

  /**
   * One file that differs. {@code insertions} and {@code deletions} are lines, 0 for a binary file.
   */
  public record ChangedFile(
      String path, Kind kind, boolean binary, int insertions, int deletions) {}

  /** How a file differs. */
  public enum Kind {
    ADDED,
    MODIFIED,
    DELETED,
    MODE_CHANGED,
    TYPE_CHANGED
  }
}
