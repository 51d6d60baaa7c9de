package dev.holdfast.workspace.overlay;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What statx(2) says of a file. Times are in nanoseconds since 1970. */
record Stat(int mode, long inode, long size, long blocks, long mtime, long ctime, long device) {
  static final int SIZE = 256;
  static final int BASIC = 0x7ff;
  private static final int TYPE = 0xf000;

  static Stat read(MemorySegment statx) {
    return new Stat(
        Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, 28)),
        statx.get(ValueLayout.JAVA_LONG, 32),
        statx.get(ValueLayout.JAVA_LONG, 40),
        statx.get(ValueLayout.JAVA_LONG, 48),
        time(statx, 112),
        time(statx, 96),
        ((long) statx.get(ValueLayout.JAVA_INT, 128) << 32)
            | Integer.toUnsignedLong(statx.get(ValueLayout.JAVA_INT, 132)));
  }

  private static long time(MemorySegment statx, long offset) {
    return statx.get(ValueLayout.JAVA_LONG, offset) * 1_000_000_000L
        + statx.get(ValueLayout.JAVA_INT, offset + 8);
  }

  boolean isFile() {
    return (mode & TYPE) == 0x8000;
  }

  boolean isDirectory() {
    return (mode & TYPE) == 0x4000;
  }

  boolean isLink() {
    return (mode & TYPE) == 0xa000;
  }

  /** Whether the overlay marks a deleted name with this: a character device 0:0. */
  boolean isWhiteout() {
    return (mode & TYPE) == 0x2000 && device == 0;
  }

  int permissions() {
    return mode & 0xfff;
  }

  int type() {
    return mode & TYPE;
  }

  boolean executable() {
    return (mode & 0100) != 0;
  }
}
