package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class MainTest {
  @Test
  void withoutACommandItShowsTheOverviewAndFails() {
    var cli = Cli.run();
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("Usage: holdfast");
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void helpListsEveryCommand() {
    var cli = Cli.run("--help");
    assertThat(cli.code()).isZero();
    for (var name : CommandName.values()) {
      assertThat(cli.out()).contains("  " + name.typed() + " ");
    }
  }

  @ParameterizedTest
  @EnumSource(CommandName.class)
  void everyCommandAndSubcommandHasHelpThatDescribesIt(CommandName name) {
    for (var words : wordsOf(name)) {
      var arguments = new ArrayList<>(words);
      arguments.add("--help");
      var cli = Cli.run(arguments.toArray(String[]::new));
      assertThat(cli.err()).isEmpty();
      assertThat(cli.code()).isZero();
      assertThat(cli.out())
          .startsWith("Usage: holdfast " + String.join(" ", words))
          .contains("--home=DIR")
          .containsPattern("(?m)^[A-Z].*\\.$");
    }
  }

  /** The command and all that lies below it. */
  private static List<List<String>> wordsOf(CommandName name) {
    var found = new ArrayList<List<String>>();
    record Level(List<String> words, CommandLine line) {}
    var open = new ArrayDeque<Level>();
    open.add(new Level(List.of(name.typed()), Invocation.of(name).line()));
    while (!open.isEmpty()) {
      var level = open.remove();
      found.add(level.words());
      level
          .line()
          .getSubcommands()
          .forEach(
              (word, line) -> {
                var deeper = new ArrayList<>(level.words());
                deeper.add(word);
                open.add(new Level(deeper, line));
              });
    }
    return found;
  }

  @ParameterizedTest
  @EnumSource(CommandName.class)
  void helpWithACommandsNameIsThatCommandsHelp(CommandName name) {
    var cli = Cli.run("help", name.typed());
    assertThat(cli.code()).isZero();
    assertThat(cli.out()).isEqualTo(Cli.run(name.typed(), "--help").out());
  }

  @Test
  void aMistypedCommandIsGuessed() {
    var cli = Cli.run("verison");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err())
        .startsWith("holdfast: there is no command `verison`, did you mean `version`?");
  }

  @Test
  void aCommandUnlikeAnyIsNotGuessed() {
    assertThat(Cli.run("xyzzyplugh").err()).doesNotContain("did you mean");
  }

  @Test
  void aMistypedOptionIsGuessed() {
    var cli = Cli.run("version", "--jsno");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err())
        .contains("option `--jsno` is unknown, did you mean `--json`?")
        .contains("holdfast version --help");
  }

  @Test
  void anUnwantedArgumentIsNamed() {
    var cli = Cli.run("version", "please");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("argument `please` is unknown");
  }

  @Test
  void aRequiredArgumentThatIsMissingIsNamed() {
    for (var words :
        List.of("workbench ps", "workbench logs w", "workbench port w", "images rm", "exec")) {
      var cli = Cli.run(words.split(" "));
      assertThat(cli.code()).isEqualTo(2);
      assertThat(cli.err()).startsWith("holdfast: missing required parameter").contains("`");
    }
  }

  @Test
  void anOptionOfTheProgramIsSaidToComeAfterTwoDashes() {
    var cli = Cli.run("workbench", "exec", "w", "ls", "-la");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("option `-la` is unknown: a program's own come after `--`");
  }

  @Test
  void globalOptionsStandBeforeOrAfterTheCommand() {
    var after = Cli.run("version", "--json");
    assertThat(after.out()).startsWith("{").contains("\"version\":").endsWith("}\n");
    assertThat(Cli.run("--json", "version").out()).isEqualTo(after.out());
    assertThat(Cli.run("--home", "/tmp/x", "version").code()).isZero();
    assertThat(Cli.run("--home=/tmp/x", "version").code()).isZero();
    assertThat(Cli.run("--version").out()).startsWith("holdfast ");
  }

  @Test
  void aBadValueOfAnOptionIsAUsageError() {
    var cli = Cli.run("version", "--color", "sometimes");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).startsWith("holdfast: ").contains("sometimes");
  }

  @Test
  void aLayerThatIsNotKnownIsMisuseAndTheKnownOnesAreNamed() {
    var cli = Cli.run("exec", "--layer", "chroot", "--", "true");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("layer `chroot` is not known", "container, gvisor, microvm");
  }
}
