package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docs/cli.md} against the program. */
class DocumentationTest {
  @ParameterizedTest
  @EnumSource(CommandName.class)
  void everyCommandHasASectionThatNamesItsOptions(CommandName name) throws IOException {
    var document = document();
    assertThat(document).contains("\n## " + name.typed() + "\n");
    var section = document.split("\n## " + name.typed() + "\n", 2)[1].split("\n## ", 2)[0];
    var global = Invocation.of(CommandName.VERSION).line().getCommandSpec().optionsMap().keySet();
    var line = Invocation.of(name).line();
    for (var option : line.getCommandSpec().options()) {
      if (!global.contains(option.longestName())) {
        assertThat(section).contains("`" + option.longestName());
      }
    }
    for (var below : line.getSubcommands().keySet()) {
      assertThat(section).contains("`holdfast " + name.typed() + " " + below);
    }
  }

  @Test
  void everyExitCodeIsInTheTable() throws IOException {
    for (var code : ExitCode.values()) {
      assertThat(document()).contains("\n| " + code.number() + " | ");
    }
  }

  private static String document() throws IOException {
    return Files.readString(Path.of("../docs/cli.md"));
  }
}
