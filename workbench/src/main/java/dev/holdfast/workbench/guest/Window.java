package dev.holdfast.workbench.guest;

/** What a guest may still send on one stream, and what it gets back. Not thread-safe. */
final class Window {
  private int left = Limits.OUTPUT_WINDOW;
  private int owed;

  boolean hasRoom(int bytes) {
    return bytes <= left;
  }

  /** Notes bytes as sent. */
  void fill(int bytes) {
    left -= bytes;
  }

  /** Notes bytes as taken; they are given back with the next that are. */
  void owe(int bytes) {
    owed += bytes;
  }

  /** Notes bytes as taken, and says how much credit is due now: half a window and more, or 0. */
  int taken(int bytes) {
    owe(bytes);
    if (owed < Limits.OUTPUT_WINDOW / 2) {
      return 0;
    }
    int credit = owed;
    owed = 0;
    left += credit;
    return credit;
  }
}
