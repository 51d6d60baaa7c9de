package dev.holdfast.tool.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PatchedTextTest {
  private static final String TEN =
      IntStream.rangeClosed(1, 10).mapToObj("%d\n"::formatted).collect(Collectors.joining());

  private static PatchedText.Patched apply(String text, String hunks) {
    var patch = UnifiedDiff.parse("--- a/x\n+++ b/x\n" + hunks).getFirst();
    return PatchedText.apply("x", text, patch.hunks());
  }

  @Test
  void hunksAreAppliedWhereTheySay() {
    var patched = apply(TEN, "@@ -1,2 +1,3 @@\n 1\n+1.5\n 2\n@@ -9,2 +10 @@\n-9\n 10\n");
    assertThat(patched.text()).isEqualTo("1\n1.5\n2\n3\n4\n5\n6\n7\n8\n10\n");
    assertThat(patched.offsets()).isEmpty();
  }

  @Test
  void aHunkALittleAwayIsAppliedThereAndReported() {
    var patched = apply(TEN, "@@ -2,2 +2,2 @@\n 4\n-5\n+five\n@@ -6 +6 @@\n-8\n+eight\n");
    assertThat(patched.text()).isEqualTo("1\n2\n3\n4\nfive\n6\n7\neight\n9\n10\n");
    assertThat(patched.offsets())
        .containsExactly("hunk 1: applied at line 4, not 2", "hunk 2: applied at line 8, not 6");
  }

  @Test
  void aHunkThatFitsAtSeveralPlacesIsRefused() {
    assertThatThrownBy(() -> apply("a\nb\na\nb\na\n", "@@ -2 +2 @@\n-a\n+c\n"))
        .hasMessageContaining("several places")
        .hasMessageContaining("lines 1, 3, 5");
  }

  @Test
  void aHunkTooFarAwayIsRefused() {
    var text = "\n".repeat(500) + "x\n";
    assertThatThrownBy(() -> apply(text, "@@ -1 +1 @@\n-x\n+y\n"))
        .hasMessageContaining("does not fit");
  }

  @Test
  void aWrongContextIsAnsweredWithWhatIsThere() {
    assertThatThrownBy(() -> apply(TEN, "@@ -3,3 +3,3 @@\n 3\n-four\n+4!\n 5\n"))
        .hasMessageContaining("the patch has `four`, line 4 of the file is `4`")
        .hasMessageContaining("     5\t5");
  }

  @Test
  void missingNewlinesAtTheEndAreKeptAddedAndRemoved() {
    var none = "\\ No newline at end of file\n";
    assertThat(apply("a\nb", "@@ -1,2 +1,2 @@\n-a\n+A\n b\n" + none).text()).isEqualTo("A\nb");
    assertThat(apply("b", "@@ -1 +1 @@\n-b\n" + none + "+b\n").text()).isEqualTo("b\n");
    assertThat(apply("b\n", "@@ -1 +1 @@\n-b\n+b\n" + none).text()).isEqualTo("b");
    assertThatThrownBy(() -> apply("a\nb", "@@ -1,2 +1,2 @@\n-a\n+A\n b\n"))
        .hasMessageContaining("No newline at end of file");
    assertThatThrownBy(() -> apply("a\nb\n", "@@ -1 +1 @@\n-a\n+c\n" + none))
        .hasMessageContaining("line 1 of the new `x` would have no newline");
  }

  @Test
  void linesAreAddedWithoutContextAtExactlyTheLineSaid() {
    assertThat(apply("", "@@ -0,0 +1,2 @@\n+a\n+b\n").text()).isEqualTo("a\nb\n");
    assertThat(apply(TEN, "@@ -10,0 +11 @@\n+11\n").text()).isEqualTo(TEN + "11\n");
    assertThatThrownBy(() -> apply(TEN, "@@ -11,0 +12 @@\n+12\n"))
        .hasMessageContaining("which has 10 lines");
  }

  @Test
  void hunksOutOfOrderOrOverlappingAreRefused() {
    assertThatThrownBy(() -> apply(TEN, "@@ -8 +8 @@\n-8\n+eight\n@@ -2 +2 @@\n-2\n+two\n"))
        .hasMessageContaining("hunk 2");
    assertThatThrownBy(() -> apply(TEN, "@@ -2 +2 @@\n-2\n+two\n@@ -2 +2 @@\n-2\n+zwei\n"))
        .hasMessageContaining("hunk 2");
  }

  @Test
  void aFileOfCrlfLinesIsNamedAsSuch() {
    assertThat(apply("a\r\nb\r\n", "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n").text())
        .isEqualTo("a\r\nc\r\n");
    assertThatThrownBy(() -> apply("a\r\n", "@@ -1 +1 @@\n-a\n+b\n")).hasMessageContaining("CRLF");
  }
}
