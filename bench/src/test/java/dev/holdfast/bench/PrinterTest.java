package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PrinterTest {
  private static String printed(boolean json, boolean met) {
    var peers = new LinkedHashMap<String, Double>();
    peers.put("runc run", 20.0);
    var missing = new LinkedHashMap<String, String>();
    missing.put("docker run", "not installed: apt-get install docker.io");
    var ours = new Result.Figures(10, 12, 60);
    var result =
        new Result("row", "ms", ours, peers, missing, 0.5, "p50 ≤ it", met, List.of("a note"));
    var bytes = new ByteArrayOutputStream();
    new Printer(new PrintStream(bytes, true, StandardCharsets.UTF_8), json).print(result);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theJsonIsOneLineWithEveryField() {
    String line = printed(true, true);

    assertThat(line.lines()).hasSize(1);
    JsonNode json = JsonMapper.shared().readTree(line);
    assertThat(json.propertyNames())
        .containsExactly(
            "row", "unit", "ours", "peers", "ratio", "promise", "met", "missing", "notes");
    assertThat(json.get("row").asString()).isEqualTo("row");
    assertThat(json.get("unit").asString()).isEqualTo("ms");
    assertThat(json.get("ours").propertyNames()).containsExactly("p50", "p99", "n");
    assertThat(json.at("/ours/p50").asDouble()).isEqualTo(10);
    assertThat(json.at("/ours/p99").asDouble()).isEqualTo(12);
    assertThat(json.at("/ours/n").asInt()).isEqualTo(60);
    assertThat(json.get("peers").get("runc run").asDouble()).isEqualTo(20);
    assertThat(json.get("ratio").asDouble()).isEqualTo(0.5);
    assertThat(json.get("met").asBoolean()).isTrue();
    assertThat(json.get("missing").get("docker run").asString()).contains("apt-get");
  }

  @Test
  void theTextSaysWhoWonWhoIsMissingAndWhetherThePromiseIsKept() {
    assertThat(printed(false, true))
        .contains("runc run", "0.500 ×", "not measured: not installed", "a note", "it: met");
    assertThat(printed(false, false)).contains("NOT met");
  }
}
