package dev.holdfast.workbench;

import java.time.Instant;

/**
 * One entry of a directory.
 *
 * @param name the last part of its path
 * @param mode permission bits, 0 to 07777
 */
public record FileEntry(String name, Kind kind, long bytes, int mode, Instant modified) {
  /** What an entry is. */
  public enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK,
    OTHER
  }
}
