package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code holdfast doctor} as scripts see it. */
class DoctorTest {
  @TempDir Path directory;

  private static List<JsonNode> findings(Cli ran) {
    return ran.out().lines().map(JsonMapper.shared()::readTree).toList();
  }

  @Test
  void endsWith0WhereEverythingThatIsRequiredWorks() {
    var ran =
        Cli.run(
            Map.of("HOME", directory.toString(), "PATH", System.getenv("PATH")),
            "doctor",
            "--json");
    assertThat(findings(ran))
        .filteredOn(finding -> finding.path("required").asBoolean())
        .allSatisfy(
            finding -> assertThat(finding.path("works").asBoolean()).as("%s", finding).isTrue());
    assertThat(ran.code()).isZero();
  }

  @Test
  void endsWith1AndSaysWhatToTypeWhereProgramsAreMissing() throws Exception {
    var empty = Files.createDirectory(directory.resolve("empty"));
    var ran =
        Cli.run(Map.of("HOME", directory.toString(), "PATH", empty.toString()), "doctor", "--json");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(findings(ran))
        .filteredOn(finding -> finding.path("check").asString().equals("ripgrep"))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.path("works").asBoolean()).isFalse();
              assertThat(finding.path("mend").asString())
                  .isEqualTo("sudo apt-get install -y ripgrep");
            });
  }
}
