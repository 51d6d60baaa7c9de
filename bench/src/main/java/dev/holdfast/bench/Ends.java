package dev.holdfast.bench;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;

/** What must be ended, newest first: at the end of a row, or when the process is told to stop. */
final class Ends implements AutoCloseable {
  /** Ends one thing. */
  interface End {
    void end() throws Exception;
  }

  private record Named(String what, End end) {}

  private final Deque<Named> open = new ArrayDeque<>();
  private final PrintStream err;

  Ends(PrintStream err) {
    this.err = err;
  }

  synchronized void add(String what, End end) {
    open.push(new Named(what, end));
  }

  /** Ends everything; a failure is told and does not keep the rest from ending. */
  @Override
  public synchronized void close() {
    while (!open.isEmpty()) {
      var next = open.pop();
      try {
        next.end().end();
      } catch (Exception e) {
        err.printf("bench: %s could not be ended: %s%n", next.what(), e.getMessage());
      }
    }
  }
}
