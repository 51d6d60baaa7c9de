package dev.holdfast.policy.cedar;

import java.util.List;

/** A {@code like} pattern: literal parts with anything between them, in time linear in practice. */
record LikePattern(List<String> parts) {
  LikePattern {
    parts = List.copyOf(parts);
  }

  /** Whether the whole text matches: the parts in order, the first and last anchored. */
  boolean matches(String text) {
    var first = parts.getFirst();
    if (parts.size() == 1) {
      return text.equals(first);
    }
    var last = parts.getLast();
    if (!text.startsWith(first)
        || !text.endsWith(last)
        || text.length() < first.length() + last.length()) {
      return false;
    }
    var at = first.length();
    var end = text.length() - last.length();
    for (var part : parts.subList(1, parts.size() - 1)) {
      var found = text.indexOf(part, at);
      if (found < 0 || found + part.length() > end) {
        return false;
      }
      at = found + part.length();
    }
    return true;
  }
}
