package dev.holdfast.harness.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.budget.Meter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {
  @TempDir Path home;

  private ModelFacts facts(String name) {
    return ModelCatalog.load(home).facts(ModelName.parse(name));
  }

  @Test
  void theLongestPrefixCounts() {
    assertThat(facts("anthropic:claude-opus-4-5-20251101").inputPrice()).isEqualTo(5);
    assertThat(facts("anthropic:claude-of-tomorrow").inputPrice()).isEqualTo(15);
    assertThat(facts("openai:gpt-5-mini").outputPrice()).isEqualTo(2);
  }

  @Test
  void anUnknownModelGetsASmallWindowAndHighPrices() {
    var unknown = facts("openai-chat:llama");

    assertThat(unknown.windowTokens()).isEqualTo(32768);
    assertThat(unknown.inputPrice()).isEqualTo(15);
  }

  @Test
  void theUsersOwnListOverrides() throws IOException {
    Files.writeString(
        home.resolve(ModelCatalog.FILE),
        """
        models:
          - {match: "openai-chat:", window: 8192, max_output: 1024, input: 0, output: 0}
          - {match: "openai:gpt-5-mini", window: 9999, max_output: 100, input: 1, output: 1}
        """);

    assertThat(facts("openai-chat:llama").windowTokens()).isEqualTo(8192);
    assertThat(facts("openai:gpt-5-mini").windowTokens()).isEqualTo(9999);
    assertThat(facts("openai:gpt-5-nano").inputPrice()).isEqualTo(0.05);
  }

  @Test
  void aListWithAMistakeIsRefusedByName() throws IOException {
    for (var text :
        List.of(
            "models: [{match: a, window: 10, max_output: 10, input: 1, output: 1}]",
            "models: [{match: a, window: 10, max_output: 5, input: -1, output: 1}]",
            "models: [{match: a, window: 10, max_output: 5, input: .nan, output: 1}]",
            "models: [{match: a, window: 10, max_output: 5, input: .inf, output: 1}]",
            "models: [{match: a, windows: 10, max_output: 5, input: 1, output: 1}]",
            "models: [{window: 10, max_output: 5, input: 1, output: 1}]",
            "- a",
            "")) {
      Files.writeString(home.resolve(ModelCatalog.FILE), text);
      assertThatThrownBy(() -> ModelCatalog.load(home))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(ModelCatalog.FILE);
    }
  }

  @Test
  void usageIsPriced() {
    var facts = new ModelFacts(1000, 100, 3, 0.3, 3.75, 15);
    var amounts = facts.amounts(new ModelAnswer.Usage(1000, 2000, 400, 100));

    assertThat(amounts.get(Meter.INPUT_TOKENS)).isEqualTo(3400);
    assertThat(amounts.get(Meter.OUTPUT_TOKENS)).isEqualTo(100);
    assertThat(amounts.get(Meter.MICRO_USD)).isEqualTo(3000 + 600 + 1500 + 1500);
    assertThat(facts.most(1000, 100).get(Meter.MICRO_USD)).isEqualTo(3750 + 1500);
  }

  @Test
  void aNameWithoutAKnownFamilyIsRefused() {
    assertThatThrownBy(() -> ModelName.parse("gpt-5"))
        .hasMessageContaining("`gpt-5`")
        .hasMessageContaining("`anthropic:…`")
        .hasMessageContaining("`script:…`");
    assertThatThrownBy(() -> ModelName.parse("openai:")).hasMessageContaining("names no model");
  }

  @Test
  void aScriptedModelNeedsNoProvidersLibrary() throws Exception {
    var script = home.resolve("script.yaml");
    Files.writeString(script, "turns: [{text: hello}]");
    var path =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.matches(".*(anthropic|openai|genai|okhttp|kotlin).*\\.jar"))
            .collect(Collectors.joining(File.pathSeparator));
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                path,
                AskOnce.class.getName(),
                home.toString(),
                "script:" + script)
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said).isEqualTo("hello");
  }

  /** Asks a model once and prints what it says. */
  static final class AskOnce {
    private AskOnce() {}

    public static void main(String[] args) throws InterruptedException {
      try (var model = new Models(ModelCatalog.load(Path.of(args[0])), Map.of()).open(args[1])) {
        model.ask(ProviderContract.request(ProviderContract.plain()), System.out::print);
      }
    }
  }
}
