package dev.holdfast.policy.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever bash really runs, the reader has found, or has said that it cannot know. */
class ShellReaderAgainstBashTest {
  private static final int SCRIPTS = 300;

  /** Pieces that make sense in many orders, and in many more make none. */
  private static final List<String> PIECES =
      List.of(
          "alpha",
          "beta",
          "gamma",
          "rm",
          "git",
          "al\"\"pha",
          "b\\eta",
          "$'\\x67amma'",
          "'beta'",
          "\"alpha\"",
          "$X",
          "${X}",
          "${X:-rm}",
          "\"${Y:-$(rm)}\"",
          "$(",
          "`",
          ")",
          "(",
          "((",
          "))",
          "$((",
          "\"",
          "'",
          "\\",
          "\\\n",
          ";",
          ";",
          "\n",
          "\n",
          "&&",
          "||",
          "|",
          "|&",
          "&",
          "!",
          "{ ",
          " ;}",
          "}",
          "{alpha,beta}",
          "if ",
          "then ",
          "fi",
          "else ",
          "for i in a; do ",
          "done",
          "case x in x) ",
          ";; ",
          "esac",
          "<<EOF",
          "<<'EOF'",
          "<<-EOF",
          "\nEOF\n",
          "<<<beta",
          "> out",
          "2>&1",
          "< in",
          "&> out",
          "<(",
          ">(",
          "#",
          " # ",
          "a=b ",
          "A=alpha ",
          "$A",
          "i=1 ",
          "$((i))",
          "[[ ",
          " ]]",
          "[ ",
          " ]",
          "-eq",
          "env ",
          "env -i PATH=$PATH ",
          "nice -n 1 ",
          "timeout 1 ",
          "nohup ",
          "xargs ",
          "xargs -I{} ",
          "bash -c ",
          "sh -c ",
          "'alpha; beta'",
          "\"rm $X\"",
          "eval ",
          "exec ",
          "command ",
          "builtin ",
          "time ",
          "find . -exec ",
          " \\; ",
          " + ",
          "{}",
          "-c",
          "--",
          "x",
          "*",
          "?",
          "[a]",
          "~",
          "$",
          "$$",
          "\t",
          " ",
          " ",
          " ",
          " ",
          "f() { ",
          "f",
          "function g ",
          "=",
          "$\"beta\"",
          "\r",
          "\u00e9",
          "\u00a0",
          "trap ",
          "EXIT",
          "-v",
          "a[0]",
          "a[$(rm)]",
          "echo ",
          "test ",
          "set -- ",
          "\"$@\"",
          "$1",
          "coproc ",
          "select ",
          "until ");

  @TempDir private Path directory;

  @Test
  void everyProgramThatBashRunsIsFound() throws IOException, InterruptedException {
    var scripts = known();
    var ran = new Bash(directory).run(scripts);
    var compared = 0;
    for (var i = 0; i < scripts.size(); i++) {
      var reading = ShellReader.read(scripts.get(i));
      var found = reading.invocations().stream().map(Invocation::name).collect(Collectors.toSet());
      assertThat(found).as("%s", scripts.get(i)).containsAll(ran.get(i));
      compared += ran.get(i).isEmpty() ? 0 : 1;
    }
    // Scripts in which nothing runs prove nothing.
    assertThat(compared).isGreaterThan(SCRIPTS / 10);
  }

  /** Random scripts that the reader claims to know. */
  private static List<String> known() {
    var scripts = new ArrayList<String>();
    for (var seed = 0; seed < 20 * SCRIPTS && scripts.size() < SCRIPTS; seed++) {
      var script = random(new Random(seed));
      if (ShellReader.read(script).unknown().isEmpty()) {
        scripts.add(script);
      }
    }
    // Calling everything unknown would pass otherwise.
    assertThat(scripts).hasSize(SCRIPTS);
    return scripts;
  }

  private static String random(Random random) {
    var script = new StringBuilder();
    for (var i = 1 + random.nextInt(9); i > 0; i--) {
      script.append(PIECES.get(random.nextInt(PIECES.size())));
      script.append(random.nextInt(3) > 0 ? " " : "");
    }
    return script.toString();
  }
}
