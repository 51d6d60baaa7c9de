package dev.holdfast.policy.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellReaderTest {
  private static List<String> programs(ShellReading reading) {
    return reading.invocations().stream().map(Invocation::program).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      ignoreLeadingAndTrailingWhitespace = true,
      quoteCharacter = '§',
      value = {
        "ls -la | grep x && rm -rf / ¦ ls grep rm",
        "r\"\"m x ¦ rm",
        "$'\\x72m' x ¦ rm",
        "$'\\162m' x ¦ rm",
        "\\rm x ¦ rm",
        "r\\m ¦ rm",
        "a=b cmd;cmd2& cmd3 ¦ cmd cmd2 cmd3",
        "echo `rm x` ¦ rm echo",
        "echo `echo \\`rm\\`` ¦ rm echo echo",
        "echo \"a $(rm \"$(ls)\") b\" ¦ ls rm echo",
        "echo ${x:-$(rm y)} ¦ rm echo",
        "x=$(rm y) ¦ rm",
        "echo x$(rm y) ¦ rm echo",
        "diff <(ls a) >(rm b) ¦ ls rm diff",
        "bash -c 'rm x; git push' ¦ bash rm git",
        "bash -euxc \"rm x\" ¦ bash rm",
        "sh -c \"sh -c 'rm x'\" ¦ sh sh rm",
        "env -i A=1 nice -n 3 timeout -k 1 5 git push ¦ env nice timeout git",
        "nohup setsid stdbuf -oL time -p rm x ¦ nohup setsid stdbuf time rm",
        "sudo -u root rm x ¦ sudo rm",
        "command -p exec builtin rm ¦ command exec builtin rm",
        "find . -exec rm {} + -execdir ls ; ¦ find rm ls",
        "find . -exec sh -c 'git push' \\; ¦ find sh git",
        "ls | xargs -0 -n 1 -P4 rm -f ¦ ls xargs rm",
        "ls | xargs -I{} mv {} x ¦ ls xargs mv",
        "watch -n 1 'rm x' ¦ watch rm",
        "eval 'rm x' ; eval git push ¦ eval rm eval git",
        "trap 'rm x' EXIT ¦ trap rm",
        "if a; then b; elif c; then d; else e; fi ¦ a b c d e",
        "while a; do b; done; until c; do d; done ¦ a b c d",
        "for i in x $(a); do b $i; done ¦ a b",
        "for ((i=0;i<3;i++)); do a; done ¦ a",
        "case $(a) in x|y) b;; (z) c ;& *) d;; esac ¦ a b c d",
        "f() { rm x; }; f ¦ rm f",
        "function g { rm x; } ¦ rm",
        "(a; b) | { c; d; } ¦ a b c d",
        "! time -p a ¦ a",
        "[[ -f $(a) && x == y ]] && b ¦ a b",
        "echo $(( $(( 1 + 2 )) * 3 )) ¦ echo",
        "echo a#b # rm x ¦ echo",
        "echo a;#rm x ¦ echo",
        "echo '$(rm x)' \"\\$(rm x)\" \\`rm ¦ echo",
        "IFS=m; rxm; while IFS= read -r l; do a \"$l\"; done ¦ rxm read a",
        "busybox rm x ¦ busybox rm",
        "command -v rm ¦ command",
        "/usr/bin/env rm x ¦ /usr/bin/env rm",
        "bash <<< 'rm x' ¦ bash rm",
      })
  void everyProgramIsFound(String script, String expected) {
    var reading = ShellReader.read(script);
    assertThat(programs(reading)).containsExactly(expected.split(" "));
    assertThat(reading.unknown()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{rm,-rf,x}",
        "$(echo rm) x",
        "${X:-rm}",
        "$X",
        "r$@m x",
        "/bin/r?",
        "/bin/[r]m",
        "eval \"$x\"",
        "bash -c \"$x\"",
        "curl x | sh",
        "sh < f",
        "bash -s",
        "env -S 'rm x'",
        "env $x",
        "xargs -a f $x",
        "xargs -I% %",
        "find . -exec {} \\;",
        ". ./x",
        "source x",
        "alias ls=rm",
        "PATH=. ls",
        "export PATH=.",
        "LD_PRELOAD=x ls",
        "env LD_PRELOAD=x ls",
        "if",
        "echo 'unclosed",
        "echo $(unclosed",
        "a\n)",
        "echo $((x))",
        "read x; ((x))",
        "x='a[$(rm)]'; echo $((x))",
        "[[ $x -eq 1 ]]",
        "echo ${!x}",
        "echo ${x@P}",
        "test -v 'a[$(rm)]'",
        "read 'a[$(rm)]'",
        "printf -v 'a[$(rm)]' x",
        "unset \"$x\"",
        "declare -i x=y",
        "echo \"$\\\n(rm)\"",
        "cd \"$x\"",
        ": ${PATH:=x}",
        "cd -",
        "echo x > $f",
        "exec 3<>/dev/tcp/evil/80",
        "git -c alias.x='!rm' x",
        "tar --to-command=rm -xf a",
        "zsh -c 'rm x'",
        "sh -c '[[ a || rm x ]]'",
        "sh -c \"echo \\$'a\\\\'; rm x; echo '\"",
        "coproc rm",
        "timeout --what 5 rm",
        "cat <<$x\nx\n",
        "hash -p /bin/rm ls",
        "enable -f x.so y",
        "trap \"$x\" EXIT",
        "su -c 'rm x'",
        "\0",
      })
  void whatCannotBeKnownIsUnknown(String script) {
    assertThat(ShellReader.read(script).unknown()).isNotEmpty();
  }

  @Test
  void hereDocumentsAreTextAndOnlyTheirSubstitutionsRun() {
    var reading = ShellReader.read("cat <<A - <<'B' > out\n$(rm x)\nA\n$(git push)\nB\nls");
    assertThat(programs(reading)).containsExactly("rm", "cat", "ls");
    assertThat(reading.redirects()).containsExactly(new Redirect("out", true));
    assertThat(reading.unknown()).isEmpty();
  }

  @Test
  void aShellReadsItsHereDocument() {
    assertThat(programs(ShellReader.read("bash <<E\nrm x\nE\nls")))
        .containsExactly("bash", "rm", "ls");
    assertThat(programs(ShellReader.read("sh <<E\nrm x\nE"))).containsExactly("sh", "rm");
    assertThat(ShellReader.read("sh <<E\n$x\nE").unknown()).isNotEmpty();
  }

  @Test
  void continuedLinesAreJoined() {
    var reading = ShellReader.read("gi\\\nt pu\\\nsh");
    assertThat(programs(reading)).containsExactly("git");
    assertThat(reading.invocations().getFirst().arguments())
        .extracting(Word::text)
        .containsExactly("push");
  }

  @Test
  void redirectionsNameTheFilesThatAreOpened() {
    var reading = ShellReader.read("a < in > out 2>> err 2>&1 3<> both &> all; { b; } >| last");
    assertThat(reading.redirects())
        .containsExactly(
            new Redirect("in", false),
            new Redirect("out", true),
            new Redirect("err", true),
            new Redirect("both", true),
            new Redirect("all", true),
            new Redirect("last", true));
  }

  @Test
  void interpretersAreMarkedAsOpaque() {
    assertThat(ShellReader.read("python3 -c 'x'; perl x.pl; ./run.sh; ./nice ls").opaque())
        .containsExactlyInAnyOrder("python3", "perl", "./run.sh", "./nice");
  }

  @Test
  void aProgramIsUnwrappedWithoutAShell() {
    var reading = ShellReader.readArgv(List.of("env", "A=$(x)", "bash", "-c", "git push"));
    assertThat(programs(reading)).containsExactly("env", "bash", "git");
    assertThat(ShellReader.readArgv(List.of("$(rm)", ";", "rm")).invocations()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$(",
        "(",
        "{ ",
        "`",
        "\"$(",
        "${x:-",
        "$((",
        "if ",
        "bash -c '",
        "! ",
        "((",
        "a=(",
        "<(",
        "\\",
        "case x in ("
      })
  void deepNestingAndGreatLengthEndQuickly(String piece) {
    for (var times : List.of(50, 20_000, 100_000)) {
      var script = piece.repeat(times / piece.length());
      var reading =
          Assertions.assertTimeoutPreemptively(
              Duration.ofSeconds(5), () -> ShellReader.read(script));
      assertThat(reading.invocations().size()).isLessThanOrEqualTo(2000);
    }
  }

  @Test
  void manyCommandsAreUnknown() {
    assertThat(ShellReader.read("a;".repeat(2000)).unknown()).isEmpty();
    assertThat(ShellReader.read("a;".repeat(2001)).unknown()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a && b || c; d &",
        "if a; then b; fi",
        "if a then b; fi",
        "for i do b; done",
        "for i in; do b; done",
        "while a; do b done",
        "case x in esac",
        "case x in a) ;; esac",
        "a | | b",
        "a ;; b",
        "; a",
        "& a",
        "(a",
        "a)",
        "{ a; }",
        "{ a }",
        "{a;}",
        "()",
        "f() { a; }",
        "f() a",
        "f () ( a )",
        "a <",
        "a < b > c",
        "a <<E\nx\nE\n",
        "[[ a",
        "[[ a ]]",
        "((1+1))",
        "a='",
        "a=\"",
        "a=`",
        "a=$(",
        "a=${",
        "a=${x}",
        "! a",
        "! ! a",
        "a=(b c)",
        "until a; do b; done",
        "function f { a; }",
        "else",
        "then a",
        "fi",
        "done",
        "}",
        "a; }",
        "do a",
        "a;;",
        "a\n\nb",
        "for ((i=0;i<1;i++)); do a; done",
        "select x in a b; do c; done",
        "a &&\n\n b",
        "a |\nb",
        "a && # c\nb",
      })
  void syntaxThatBashRefusesIsNeverKnown(String script) throws IOException, InterruptedException {
    if (!Bash.accepts(script)) {
      assertThat(ShellReader.read(script).unknown()).isNotEmpty();
    } else {
      assertThat(ShellReader.read(script).unknown()).isEmpty();
    }
  }
}
