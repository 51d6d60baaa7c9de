package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchTest {
  @TempDir Path home;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return Bench.run(List.of(args), home, stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void withoutARowItListsThemAll() {
    assertThat(run()).isZero();
    assertThat(out())
        .contains("live-call", "cold-workbench", "workspace-create", "workspace-changed")
        .contains("workspace-destroy", "gate-throughput", "append");
  }

  @Test
  void aRowThatIsNotKnownIsRefusedWithThoseThatAre() {
    assertThat(run("append", "cold")).isEqualTo(2);
    assertThat(err()).contains("row `cold` is not known").contains("cold-workbench");
    assertThat(out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "many", "", "12345678"})
  void aNumberOfRoundsThatIsNoneIsRefused(String number) {
    assertThat(run("append", "--n", number)).isEqualTo(2);
    assertThat(err()).contains("`--n " + number + "` is not allowed");
  }

  @Test
  void aRowIsMeasuredAndLeavesNothing() {
    assertThat(run("append", "--json", "--n", "20")).as(this::err).isZero();

    JsonNode json = JsonMapper.shared().readTree(out());
    assertThat(json.get("row").asString()).isEqualTo("append");
    assertThat(json.at("/ours/p50").asDouble()).isPositive();
    assertThat(json.at("/ours/p99").asDouble())
        .isGreaterThanOrEqualTo(json.at("/ours/p50").asDouble());
    assertThat(home.resolve("bench")).isEmptyDirectory();
  }

  @Test
  void everyPeerOfAColdWorkbenchIsMeasuredOrSaysWhyNot() {
    assertThat(run("cold-workbench", "--json", "--n", "1")).as(this::err).isZero();

    JsonNode json = JsonMapper.shared().readTree(out());
    for (String peer : List.of("runc run", "crun run", "bwrap", "docker run")) {
      boolean measured = json.get("peers").has(peer);
      boolean explained = json.get("missing").path(peer).asString("").length() > 10;
      assertThat(measured || explained).as(peer + " in " + json).isTrue();
    }
    assertThat(json.get("ratio").asDouble()).isPositive();
    assertThat(home.resolve("bench")).isEmptyDirectory();
    assertThat(ProcessHandle.allProcesses())
        .noneMatch(p -> p.info().commandLine().orElse("").contains(home.toString()));
  }
}
