package dev.holdfast.tool.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnifiedDiffTest {
  private static final String NAMES = "--- a/x\n+++ b/x\n";

  @Test
  void severalFilesOfGitAreReadWithTheirNames() {
    var patch =
        """
        diff --git a/new.sh b/new.sh
        new file mode 100755
        index 000..111
        --- /dev/null
        +++ b/new.sh
        @@ -0,0 +1 @@
        +echo
        diff --git a/old b/old
        deleted file mode 100644
        --- a/old
        +++ /dev/null
        @@ -1 +0,0 @@
        -gone
        diff --git a/from b/dir/to
        similarity index 100%
        rename from from
        rename to dir/to
        diff --git a/empty b/empty
        new file mode 100644
        index 000..e69
        """;
    var files = UnifiedDiff.parse(patch);
    assertThat(files)
        .extracting(it -> it.from().orElse("-") + " > " + it.to().orElse("-"))
        .containsExactly("- > new.sh", "old > -", "from > dir/to", "- > empty");
    assertThat(files.getFirst().executable()).isTrue();
    assertThat(files.get(2).hunks()).isEmpty();
  }

  @Test
  void namesAreReadQuotedWithATimeAndWithoutPrefix() {
    assertThat(
            UnifiedDiff.parse(
                "--- \"a/\\303\\244 b\"\n+++ \"b/\\303\\244 b\"\n@@ -1 +1 @@\n-x\n+y\n"))
        .extracting(FilePatch::path)
        .containsExactly("ä b");
    assertThat(
            UnifiedDiff.parse("--- x.c\t2026-01-01 00:00:00\n+++ x.c\t2026\n@@ -1 +1 @@\n-x\n+y\n"))
        .extracting(FilePatch::path)
        .containsExactly("x.c");
  }

  @Test
  void removedAndAddedLinesThatLookLikeNamesStayLines() {
    var hunks = UnifiedDiff.parse(NAMES + "@@ -1,2 +1,2 @@\n--- a\n+++ b\n c\n").getFirst().hunks();
    assertThat(hunks.getFirst().before()).containsExactly("-- a\n", "c\n");
    assertThat(hunks.getFirst().after()).containsExactly("++ b\n", "c\n");
  }

  @Test
  void theSignatureOfAMailIsNoPartOfTheHunk() {
    var patch =
        "From: Ada\n\nWords.\n---\n x | 2 +-\n\n" + NAMES + "@@ -1 +1 @@\n-x\n+y\n-- \n2.40\n";
    assertThat(UnifiedDiff.parse(patch)).hasSize(1);
  }

  @Test
  void wrongCountsAreAnsweredWithTheRightOnes() {
    assertThatThrownBy(() -> UnifiedDiff.parse(NAMES + "@@ -1,2 +1,2 @@\n a\n-b\n+c\n d\n"))
        .hasMessageContaining("has 3 old and 3 new lines, but its header says 2 and 2");
    assertThatThrownBy(() -> UnifiedDiff.parse(NAMES + "@@ -1,9 +1,9 @@\n a\n-b\n+c\n"))
        .hasMessageContaining("has 2 old and 2 new lines, but its header says 9 and 9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello\n",
        "@@ -1 +1 @@\n-x\n+y\n",
        NAMES,
        NAMES + "@@ ... @@\n-x\n+y\n",
        NAMES + "@@ -1 +1 @@\n-x\n*y\n",
        "--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-x\n+y\n",
        "diff --git a/x b/x\nold mode 100644\nnew mode 100755\n",
        "diff --git a/x b/x\nnew file mode 120000\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+/etc\n",
        "diff --git a/x b/x\nindex 1..2 100644\nGIT binary patch\nliteral 3\n",
        "diff --git a/x b/x\nBinary files a/x and b/x differ\n",
        "diff --git a/x b/x\ndeleted file mode 100644\n--- a/y\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n",
        "*** Begin Patch\n*** Update File: x\n@@\n-x\n+y\n*** End Patch\n",
      })
  void whatIsNoUnifiedDiffOfTextIsRefused(String patch) {
    assertThatThrownBy(() -> UnifiedDiff.parse(patch))
        .isInstanceOfSatisfying(
            ToolFault.class,
            fault -> assertThat(fault.error().code()).isEqualTo(ErrorCode.INVALID_INPUT));
  }
}
