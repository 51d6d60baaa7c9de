package dev.holdfast.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.command.CommandFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class DemoProjectTest {
  @TempDir Path directory;

  @Test
  void itIsACleanRepositoryWithOneCommitThatIsTheSameEverywhere() throws Exception {
    var one = DemoProject.create(directory.resolve("one")).repository();
    var other = DemoProject.create(directory.resolve("other")).repository();
    assertThat(output(one, "git", "status", "--porcelain")).isEmpty();
    assertThat(output(one, "git", "log", "--format=%h %an %s"))
        .endsWith("Ledger Invoices, taxes and payment plans\n")
        .hasLineCount(1);
    assertThat(output(one, "git", "rev-parse", "--abbrev-ref", "HEAD")).isEqualTo("main\n");
    assertThat(output(one, "git", "rev-parse", "HEAD"))
        .isEqualTo(output(other, "git", "rev-parse", "HEAD"));
  }

  @Test
  void itsTestsFailUntilTheScriptsLastEditAndPassThen() throws Exception {
    var demo = DemoProject.create(directory);
    assertThat(tests(demo)).contains("FAILED", "test_no_cent_is_lost");
    var edits = edits(demo.script());
    assertThat(edits).hasSizeGreaterThan(1);
    for (var edit : edits) {
      assertThat(tests(demo)).contains("FAILED", "test_no_cent_is_lost");
      apply(edit, demo.repository());
    }
    assertThat(tests(demo)).contains("Ran 18 tests").endsWith("OK\n");
  }

  @Test
  void itDoesNotOverwriteAnotherProject() throws Exception {
    Files.createDirectories(directory.resolve("ledger"));
    assertThatThrownBy(() -> DemoProject.create(directory))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("is there already");
  }

  private static List<JsonNode> edits(Path script) {
    var edits = new ArrayList<JsonNode>();
    for (var turn : new YAMLMapper().readTree(script.toFile()).get("turns")) {
      for (var call : turn.path("calls")) {
        if (call.get("tool").asString().equals("edit_file")) {
          edits.add(call.get("input"));
        }
      }
    }
    return edits;
  }

  private static void apply(JsonNode edit, Path repository) throws IOException {
    var file = repository.resolve(edit.get("path").asString());
    var before = Files.readString(file);
    var old = edit.get("old_text").asString();
    assertThat(before).containsOnlyOnce(old);
    Files.writeString(file, before.replace(old, edit.get("new_text").asString()));
  }

  private static String tests(DemoProject demo) throws Exception {
    return output(demo.repository(), "python3", "-B", "-m", "unittest");
  }

  private static String output(Path directory, String... command) throws Exception {
    var process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
