package dev.holdfast.workspace.overlay;

import java.util.Optional;

/**
 * One path that differs from the base. Modes are git's; the absent side of an added or deleted path
 * is empty.
 */
record Delta(String path, Optional<Side> before, Optional<Side> after) {
  /** A file as git stores it. */
  record Side(int mode, Bytes bytes) {
    boolean sameType(Side other) {
      return (mode & 0170000) == (other.mode & 0170000);
    }
  }

  static final int FILE = 0100644;
  static final int EXECUTABLE = 0100755;
  static final int LINK = 0120000;

  /** What a side holds: a file's content, or a link's target. */
  sealed interface Bytes {
    long size();

    record Stored(long size, Content content) implements Bytes {}

    record Text(String raw) implements Bytes {
      @Override
      public long size() {
        return raw.length();
      }
    }
  }
}
