package dev.holdfast.image.unpack;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the kernel says of a file.
 *
 * @param mode type and permissions
 * @param links how many names it has
 * @param modified in seconds since 1970
 * @param device the number of a device node, major in the upper half
 */
record FileState(
    int mode, int uid, int gid, long size, long inode, int links, long modified, long device) {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  /** Reads {@code struct statx}; the places are the same on every processor. */
  static FileState of(MemorySegment statx) {
    return new FileState(
        Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, 28)),
        statx.get(INT, 20),
        statx.get(INT, 24),
        statx.get(LONG, 40),
        statx.get(LONG, 32),
        statx.get(INT, 16),
        statx.get(LONG, 112),
        ((long) statx.get(INT, 128) << 32) | Integer.toUnsignedLong(statx.get(INT, 132)));
  }

  int type() {
    return mode & 0170000;
  }
}
