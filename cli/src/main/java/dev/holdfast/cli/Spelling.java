package dev.holdfast.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Guesses what a mistyped word was meant to be. */
final class Spelling {
  private Spelling() {}

  /**
   * The candidate within a third of the word's length (two letters at least), the nearest first.
   */
  static Optional<String> nearest(String typed, List<String> candidates) {
    var reach = Math.max(2, typed.length() / 3);
    return candidates.stream()
        .filter(candidate -> distance(typed, candidate) <= reach)
        .min(Comparator.comparingInt(candidate -> distance(typed, candidate)));
  }

  /** How many letters must be put in, left out or replaced, or neighbours exchanged. */
  static int distance(String a, String b) {
    var table = new int[a.length() + 1][b.length() + 1];
    for (var i = 0; i <= a.length(); i++) {
      table[i][0] = i;
    }
    for (var j = 0; j <= b.length(); j++) {
      table[0][j] = j;
    }
    for (var i = 1; i <= a.length(); i++) {
      for (var j = 1; j <= b.length(); j++) {
        table[i][j] = cell(table, a, b, i, j);
      }
    }
    return table[a.length()][b.length()];
  }

  private static int cell(int[][] table, String a, String b, int i, int j) {
    var same = a.charAt(i - 1) == b.charAt(j - 1);
    var best =
        Math.min(
            table[i - 1][j - 1] + (same ? 0 : 1), Math.min(table[i - 1][j], table[i][j - 1]) + 1);
    var exchanged =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return exchanged ? Math.min(best, table[i - 2][j - 2] + 1) : best;
  }
}
