package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ToolsLintTest {
  private static final String RISKY =
      """
      name: tidy
      description: Tidies up.
      parameters:
        path: {type: path}
      command: [rm, -r, --, "{path}"]
      output: text
      effects: [read]
      idempotent: true
      reversible: true
      """;

  @TempDir Path home;

  @Test
  void theBuiltInToolsHaveNoFindings() {
    var cli = Cli.run("tools", "lint", "--home", home.toString());
    assertThat(cli.out()).endsWith(", errors: 0, warnings: 0\n");
    assertThat(cli.code()).isZero();
  }

  @Test
  void aFileIsCheckedAndEachFindingSaysHowToMendIt() throws IOException {
    var file = Files.writeString(home.resolve("tidy.yaml"), RISKY);
    var cli = Cli.run("tools", "lint", file.toString());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.out())
        .contains("error effects-understated  tidy", file + " effects")
        .contains("it runs `rm`", "add `write` to `effects`")
        .contains("warning description-short", "warning parameter-undescribed")
        .endsWith("tools: 1, errors: 1, warnings: 4\n");
  }

  @Test
  void asJsonEachFindingIsOneObject() throws IOException {
    var file = Files.writeString(home.resolve("tidy.yaml"), RISKY);
    var lines = Cli.run("tools", "lint", "--json", file.toString()).out().lines().toList();
    assertThat(lines).hasSize(5);
    var mapper = JsonMapper.builder().build();
    assertThat(lines)
        .allSatisfy(
            line ->
                assertThat(mapper.readTree(line).propertyNames())
                    .containsExactly("rule", "severity", "tool", "where", "why", "fix"));
  }

  @Test
  void aFileThatCannotBeLoadedIsAFindingAndTheOthersAreStillChecked() throws IOException {
    var tools = Files.createDirectories(home.resolve("tools"));
    Files.writeString(tools.resolve("broken.yaml"), "name: broken\nnam: x\n");
    Files.writeString(tools.resolve("tidy.yaml"), RISKY);
    var cli = Cli.run("tools", "lint", "--home", home.toString());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.out())
        .contains("error declaration", "broken.yaml:2", "`nam` is not known here")
        .contains("effects-understated");
  }

  @Test
  void whatIsNoToolIsAFindingToo() throws IOException {
    var file = Files.writeString(home.resolve("x.json"), "{\"tools\": [");
    assertThat(Cli.run("tools", "lint", file.toString()).out()).contains("this is not JSON");
    assertThat(Cli.run("tools", "lint", "/nonexistent.json").code()).isEqualTo(2);
  }
}
