package dev.holdfast.policy.shell;

import java.util.HashSet;

/** Skips a double-quoted part inside an expansion, collecting the commands in it. */
final class QuotedPart {
  private final Source source;
  private final int depth;

  QuotedPart(Source source, int depth) {
    Collector.checkDepth(depth);
    this.source = source;
    this.depth = depth;
  }

  /** Reads on behind the opening quote, past the closing one. */
  void read() {
    for (var c = source.next(); c != '"'; c = source.next()) {
      switch (c) {
        case '\\' -> source.next();
        case '`' -> throw source.error("a backtick inside quotes inside an expansion");
        case '$' -> {
          if (source.startsWith("\\\n")) {
            throw source.error("a line is continued behind `$`");
          }
          new Expansion(source, depth, new HashSet<>()).read();
        }
        default -> {}
      }
    }
  }
}
