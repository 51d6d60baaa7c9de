package dev.holdfast.image.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.image.ImageException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerfileTest {
  private static final Words WORDS = new Words('\\');

  private static Dockerfile read(String text) {
    return Dockerfile.read(text, "Dockerfile");
  }

  private static Instruction step(String text) {
    return read("FROM scratch\n" + text).stages().getFirst().steps().getFirst();
  }

  @Test
  void linesAreJoinedAndCommentsBetweenThemLeftOut() {
    Instruction run = step("run echo a && \\\n  # why\n\n  echo b \\\n  # last\n");
    assertThat(run.keyword()).isEqualTo(Keyword.RUN);
    assertThat(run.rest()).isEqualTo("echo a &&   echo b");
    assertThat(run.line()).isEqualTo(2);
  }

  @Test
  void theEscapeCharacterIsTheDirectives() {
    var file = read("# escape=`\nFROM scratch\nRUN a `\n  b \\\n");
    assertThat(file.stages().getFirst().steps().getFirst().rest()).isEqualTo("a   b \\");
  }

  @Test
  void hereDocumentsBelongToTheirStep() {
    var steps =
        read("FROM scratch\nRUN <<-'EOF' cat >x\n\ta $b\n\tEOF\nCOPY a b\n")
            .stages()
            .getFirst()
            .steps();
    assertThat(steps.getFirst().script()).isEqualTo("a $b\nEOF\n");
    assertThat(steps.get(1).keyword()).isEqualTo(Keyword.COPY);
    assertThatThrownBy(() -> step("RUN <<EOF\na\n"))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("`EOF` has no end");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RUNN x                       | Dockerfile:2: instruction `RUNN` is not understood",
        "COPY --link a b              | Dockerfile:2: COPY: `--link` is not allowed: allowed are `--from`",
        "RUN --mount=type=cache x     | Dockerfile:2: RUN: `--mount` is not allowed",
        "RUN --network=host x         | network `host` is not allowed: steps have none",
        "ADD https://a.example/x /    | addresses are not allowed",
        "ADD rootfs.tar.gz /          | archives are not allowed: use `COPY` and `RUN tar`",
        "COPY <<EOF /x                | here-documents are not allowed",
        "SHELL /bin/sh                | a JSON array is needed",
        "ONBUILD RUN x                | instruction `ONBUILD` is not understood",
        "CMD                          | it says nothing",
      })
  void whatIsNotUnderstoodIsNamedWithItsPlace(String line, String message) {
    assertThatThrownBy(() -> step(line))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining(message);
  }

  @Test
  void stagesHaveNamesOrNumbers() {
    var file = read("ARG V=1\nFROM a:$V AS one\nFROM --platform=x b\n");
    assertThat(file.before()).hasSize(1);
    assertThat(file.stages()).extracting(Dockerfile.Section::name).containsExactly("one", "1");
    assertThatThrownBy(() -> read("RUN x\nFROM a"))
        .hasMessageContaining("before the first `FROM` only `ARG`");
    assertThatThrownBy(() -> read("FROM a AS x\nFROM b AS X"))
        .hasMessageContaining("there already");
    assertThatThrownBy(() -> read("# nothing\n")).hasMessageContaining("there is no `FROM`");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "$X/b              | v/b",
        "${X}b             | vb",
        "${NONE:-d}        | d",
        "${X:-d}           | v",
        "${X:+d}           | d",
        "${NONE:+d}        | ``",
        "${NONE:-${X}2}    | v2",
        "\\$X              | $X",
        "'$X'              | $X",
        "\"a $X\"          | a v",
        "\"a\\\"b\\n\"     | a\"b\\n",
        "a$                | a$",
      })
  void variablesAndQuotesAreAsInTheReference(String written, String meant) {
    Map<String, String> values = Map.of("X", "v");
    assertThat(WORDS.expand(written, name -> values.getOrDefault(name, ""))).isEqualTo(meant);
  }

  @Test
  void wordsAreSplitOutsideQuotes() {
    assertThat(WORDS.split("a=\"b c\"  d\\ e ''", _ -> "")).isEqualTo(List.of("a=b c", "d e", ""));
    for (String open : List.of("\"a", "'a", "${A", "${A:?x}")) {
      assertThatThrownBy(() -> WORDS.split(open, _ -> "")).isInstanceOf(ImageException.class);
    }
    assertThatThrownBy(() -> WORDS.expand("${A:-".repeat(99) + "}".repeat(99), _ -> ""))
        .hasMessageContaining("nested");
  }

  @Test
  void theLastRuleThatFitsDecidesWhatIsLeftOut() {
    var rules = IgnoreRules.read("# all\n*\n!src\nsrc/**/*.log\n/build/\n");
    assertThat(rules.leavesOut("secret")).isTrue();
    assertThat(rules.leavesOut("src/a.c")).isFalse();
    assertThat(rules.leavesOut("src/deep/er/x.log")).isTrue();
    assertThat(rules.leavesOut("build/x")).isTrue();
  }
}
