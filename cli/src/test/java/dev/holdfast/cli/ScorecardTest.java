package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code holdfast scorecard} as people and scripts see it. */
class ScorecardTest {
  @TempDir Path directory;

  private Cli run(String... arguments) {
    var env = Map.of("HOME", directory.toString(), "PATH", System.getenv("PATH"));
    return Cli.run(env, arguments);
  }

  private static List<JsonNode> lines(Cli ran) {
    return ran.out().lines().map(JsonMapper.shared()::readTree).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--layer fence | layer `fence` is not known",
        "--attack mount | attack `mount` is not known",
        "--write /nowhere/at/all.md | `/nowhere/at/all.md` cannot be written",
        "mounts | argument `mounts` is unknown",
      })
  void whatIsNotUnderstoodIsMisuseAndNothingIsAttacked(String words, String complaint) {
    var ran = run(("scorecard " + words).split(" ", -1));
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains(complaint);
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void aRealAttackIsContainedAndTheLayerThatHasNoDaemonCountsForNothing() throws Exception {
    var page = directory.resolve("page.md");
    var env =
        Map.of(
            "HOME", directory.toString(),
            "PATH", System.getenv("PATH"),
            "DOCKER_HOST", "unix://" + directory.resolve("no.sock"));
    var ran =
        Cli.run(
            env,
            "scorecard --layer container --layer docker --layer wasm --attack mounts --json --write"
                .concat(" " + page)
                .split(" ", -1));

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(lines(ran))
        .extracting(line -> line.path("layer").asString())
        .containsExactly("container", "docker", "wasm");
    assertThat(lines(ran))
        .extracting(line -> line.path("verdict").asString())
        .containsExactly("contained", "not here", "not applicable");
    assertThat(lines(ran).getFirst().path("attempts")).isNotEmpty();
    assertThat(lines(ran).getFirst().path("attempts").path(0).path("reason").asString())
        .isEqualTo("EPERM");
    assertThat(Files.readString(page))
        .contains("| [mounts](#mounts) | contained | not here | not applicable |")
        .contains("- `docker` was not here: ")
        .contains("| **contained** | 1 of 1 | – | 0 of 0 |");
  }

  @Test
  void withoutAnyLayerItIsUnavailable() {
    var env =
        Map.of(
            "HOME", directory.toString(),
            "PATH", System.getenv("PATH"),
            "DOCKER_HOST", "unix://" + directory.resolve("no.sock"));
    var ran = Cli.run(env, "scorecard", "--layer", "docker");
    assertThat(ran.code()).isEqualTo(69);
    assertThat(ran.out()).contains("docker is not here: ").doesNotContain("contained");
  }
}
