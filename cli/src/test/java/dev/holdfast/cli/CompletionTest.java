package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The completion scripts, sourced by the shells that they are for. */
class CompletionTest {
  /** What readline would do with a line; compopt works only while it asks, and says nothing. */
  private static final String BASH =
      """
      set -u
      compopt() { :; }
      source "$1"
      line="$2"
      read -ra COMP_WORDS <<<"$line"
      case $line in *' ') COMP_WORDS+=('') ;; esac
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE=$line; COMP_POINT=${#line}; COMPREPLY=()
      _complete_holdfast
      echo "${COMPREPLY[*]:-}"
      complete -p holdfast
      """;

  @TempDir Path directory;
  private Path script;

  @BeforeEach
  void write() throws Exception {
    script = directory.resolve("completion");
  }

  private void scriptFor(String shell) throws Exception {
    var made = Cli.run("completion", shell);
    assertThat(made.code()).isZero();
    Files.writeString(script, made.out());
  }

  private Program run(String... command) throws Exception {
    return Program.run(directory, Map.of("HOME", directory.toString()), List.of(command));
  }

  @ParameterizedTest
  @CsvSource({
    "'holdfast ru', run runs",
    "'holdfast run --sc', --scenario",
    "'holdfast run --scenario ', assist autonomous",
    "'holdfast run --scenario au', autonomous",
    "'holdfast run --color n', never",
    "'holdfast completion ', bash zsh fish",
    "'holdfast completion z', zsh",
    "'holdfast audit ', verify",
    "'holdfast scorecard --at', --attack",
    "'holdfast workbench c', create cp checkpoint checkpoints",
    "'holdfast workbench checkpoints ', rm",
    "'holdfast workbench fork w-1 --me', --memory",
    "'holdfast server st', status stop",
  })
  void bashCompletes(String line, String words) throws Exception {
    scriptFor("bash");
    var ran = run("bash", "--norc", "-c", BASH, "bash", script.toString(), line);
    assertThat(ran.output().lines())
        .containsExactly(words, "complete -o default -F _complete_holdfast holdfast");
    assertThat(ran.code()).isZero();
  }

  /** The script for zsh is the same, which prepares itself for that shell. */
  @Test
  void zshTakesTheScriptOfBash() throws Exception {
    scriptFor("zsh");
    var ofZsh = Files.readString(script);
    scriptFor("bash");
    assertThat(ofZsh).isEqualTo(Files.readString(script)).contains("autoload -U +X bashcompinit");
    if (Files.isExecutable(Path.of("/usr/bin/zsh"))) {
      var load = "source " + script + " && print -r -- $_comps[holdfast]";
      assertThat(run("/usr/bin/zsh", "-f", "-c", load).output())
          .contains("_bash_complete")
          .contains("-F _complete_holdfast");
    }
  }

  /** Where there is no fish, each line must at least be one that fish reads. */
  @Test
  void fishCompletes() throws Exception {
    scriptFor("fish");
    if (Files.isExecutable(Path.of("/usr/bin/fish"))) {
      assertThat(fish("holdfast ru")).containsExactly("run", "runs");
      assertThat(fish("holdfast run --scenario ")).containsExactly("assist", "autonomous");
      assertThat(fish("holdfast completion ")).containsExactly("bash", "fish", "zsh");
      assertThat(fish("holdfast audit ")).containsExactly("verify");
    }
    assertThat(Files.readAllLines(script))
        .isNotEmpty()
        .allMatch(line -> line.matches("complete -c holdfast( [-a-z]+| '([^'\\\\]|\\\\.)*')+"));
  }

  private List<String> fish(String line) throws Exception {
    var ask = "source " + script + "; complete -C '" + line + "'";
    return run("/usr/bin/fish", "--no-config", "-c", ask)
        .output()
        .lines()
        .map(found -> found.split("\t", 2)[0])
        .toList();
  }
}
