package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobalOptionsTest {
  @Test
  void theStateDirectoryIsTheOptionsThenTheVariablesThenBelowTheHome() {
    var env = Map.of("HOLDFAST_HOME", "/var/hf", "HOME", "/home/ada");
    assertThat(context(env, false, "--home", "/x").home()).isEqualTo(Path.of("/x"));
    assertThat(context(env, false, "--home", "x").home()).isEqualTo(Path.of("/work/x"));
    assertThat(context(env, false).home()).isEqualTo(Path.of("/var/hf"));
    assertThat(context(Map.of("HOME", "/home/ada"), false).home())
        .isEqualTo(Path.of("/home/ada/.holdfast"));
  }

  @Test
  void withAnEmptyHomeTheUsersOwnDirectoryIsTaken() {
    assertThat(context(Map.of("HOME", ""), false).home())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".holdfast"));
  }

  @Test
  void aRelativeHomeVariableIsRefused() {
    assertThatThrownBy(() -> context(Map.of("HOME", "somewhere"), false))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("`somewhere`");
  }

  @ParameterizedTest
  @CsvSource({
    // NO_COLOR, TERM, terminal, option, colored
    "'', xterm, true, auto, true",
    "'', xterm, false, auto, false",
    "1, xterm, true, auto, false",
    "'', dumb, true, auto, false",
    "1, xterm, false, always, true",
    "'', xterm, true, never, false",
  })
  void colorFollowsTheOptionThenTheVariableThenTheTerminal(
      String noColor, String term, boolean terminal, String option, boolean colored) {
    var env = Map.of("HOME", "/h", "NO_COLOR", noColor, "TERM", term);
    assertThat(context(env, terminal, "--color", option).terminal().color()).isEqualTo(colored);
  }

  private static Context context(Map<String, String> env, boolean terminal, String... arguments) {
    var around =
        new Surroundings(env, Path.of("/work"), System.out, System.err, terminal, terminal);
    var line = Invocation.of(CommandName.VERSION).line();
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return GlobalOptions.context(line.parseArgs(arguments), around);
  }
}
