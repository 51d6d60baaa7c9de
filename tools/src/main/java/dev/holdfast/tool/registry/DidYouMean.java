package dev.holdfast.tool.registry;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the names that somebody may have meant. */
final class DidYouMean {
  private static final int MOST_SUGGESTED = 3;
  private static final int LONGEST_COMPARED = 64;

  private DidYouMean() {}

  /** Names close to {@code given}, closest first. */
  static List<String> nearest(String given, Collection<String> names) {
    var wanted = normal(given);
    if (wanted.length() > LONGEST_COMPARED) {
      return List.of();
    }
    return names.stream()
        .filter(name -> close(wanted, normal(name)))
        .sorted(Comparator.comparingInt((String name) -> distance(wanted, normal(name))))
        .limit(MOST_SUGGESTED)
        .toList();
  }

  /**
   * Snake case without a difference between {@code filePath}, {@code file-path}, {@code FilePath}.
   */
  static String normal(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("[-. ]", "_")
        .toLowerCase(Locale.ROOT);
  }

  private static boolean close(String wanted, String name) {
    if (wanted.length() >= 3 && (name.contains(wanted) || wanted.contains(name))) {
      return true;
    }
    return distance(wanted, name) <= Math.max(1, Math.min(wanted.length(), name.length()) / 3);
  }

  /** Levenshtein's distance. */
  static int distance(String a, String b) {
    var previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      var row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int swap = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(swap, Math.min(row[j - 1], previous[j]) + 1);
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
