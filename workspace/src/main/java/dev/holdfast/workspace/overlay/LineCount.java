package dev.holdfast.workspace.overlay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How many lines a text gained and lost: the shortest edit script's, by Myers' greedy algorithm.
 * Beyond {@link #EFFORT} edits the rest counts as replaced, which keeps the cost bounded.
 */
record LineCount(int insertions, int deletions) {
  private static final int EFFORT = 2000;

  static LineCount between(byte[] before, byte[] after) {
    Map<String, Integer> known = new HashMap<>();
    int[] a = lines(before, known);
    int[] b = lines(after, known);
    int start = 0;
    while (start < a.length && start < b.length && a[start] == b[start]) {
      start++;
    }
    int aEnd = a.length;
    int bEnd = b.length;
    while (aEnd > start && bEnd > start && a[aEnd - 1] == b[bEnd - 1]) {
      aEnd--;
      bEnd--;
    }
    return middle(Arrays.copyOfRange(a, start, aEnd), Arrays.copyOfRange(b, start, bEnd));
  }

  private static LineCount middle(int[] a, int[] b) {
    int most = Math.min(a.length + b.length, EFFORT);
    var reach = new int[2 * most + 3];
    for (int edits = 0; edits <= most; edits++) {
      for (int k = -edits; k <= edits; k += 2) {
        if (k > b.length || -k > a.length) {
          continue;
        }
        int at = most + 1 + k;
        boolean down = k == -edits || (k != edits && reach[at - 1] < reach[at + 1]);
        // `k` is insertions minus deletions, `y` how far `b` is used up.
        int y = down ? reach[at + 1] : reach[at - 1] + 1;
        int x = y - k;
        while (x >= 0 && y >= 0 && x < a.length && y < b.length && a[x] == b[y]) {
          x++;
          y++;
        }
        reach[at] = y;
        if (x >= a.length && y >= b.length) {
          int growth = b.length - a.length;
          return new LineCount((edits + growth) / 2, (edits - growth) / 2);
        }
      }
    }
    return new LineCount(b.length, a.length);
  }

  private static int[] lines(byte[] bytes, Map<String, Integer> known) {
    String text = Raw.of(bytes);
    var numbers = new ArrayList<Integer>();
    int start = 0;
    while (start < text.length()) {
      int newline = text.indexOf('\n', start);
      int end = newline < 0 ? text.length() : newline + 1;
      numbers.add(known.computeIfAbsent(text.substring(start, end), _ -> known.size()));
      start = end;
    }
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }
}
