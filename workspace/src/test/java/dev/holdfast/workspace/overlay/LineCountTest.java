package dev.holdfast.workspace.overlay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineCountTest {
  @Test
  void itIsTheShortestEditScriptOfAnyTwoTexts() {
    var random = new Random(7);
    for (int i = 0; i < 5000; i++) {
      List<String> before = lines(random);
      List<String> after = lines(random);
      int common = longestCommon(before, after);

      LineCount count = LineCount.between(bytes(before), bytes(after));

      assertThat(count)
          .as("%s to %s", before, after)
          .isEqualTo(new LineCount(after.size() - common, before.size() - common));
    }
  }

  @Test
  void textsWithNothingInCommonCostLittle() {
    var before = new StringBuilder();
    var after = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      before.append("a").append(i).append('\n');
      after.append("b").append(i).append('\n');
    }

    LineCount count =
        LineCount.between(before.toString().getBytes(UTF_8), after.toString().getBytes(UTF_8));

    assertThat(count).isEqualTo(new LineCount(200_000, 200_000));
  }

  private static List<String> lines(Random random) {
    var lines = new ArrayList<String>();
    int length = random.nextInt(9);
    for (int i = 0; i < length; i++) {
      lines.add(random.nextInt(4) + "\n");
    }
    return lines;
  }

  private static byte[] bytes(List<String> lines) {
    return String.join("", lines).getBytes(UTF_8);
  }

  private static int longestCommon(List<String> a, List<String> b) {
    var best = new int[a.size() + 1][b.size() + 1];
    for (int i = 1; i <= a.size(); i++) {
      for (int j = 1; j <= b.size(); j++) {
        best[i][j] =
            a.get(i - 1).equals(b.get(j - 1))
                ? best[i - 1][j - 1] + 1
                : Math.max(best[i - 1][j], best[i][j - 1]);
      }
    }
    return best[a.size()][b.size()];
  }
}
