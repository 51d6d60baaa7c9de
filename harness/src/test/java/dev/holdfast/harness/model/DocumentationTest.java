package dev.holdfast.harness.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the documentation work. */
class DocumentationTest {
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  @TempDir Path home;
  private List<String> examples = List.of();

  @BeforeEach
  void read() throws IOException {
    var text = Files.readString(Path.of("..", "docs", "models.md"));
    examples = YAML.matcher(text).results().map(found -> found.group(1)).toList();
    assertThat(examples).hasSize(2);
  }

  @Test
  void theListOfModels() throws IOException {
    Files.writeString(home.resolve(ModelCatalog.FILE), examples.get(0));

    var facts = ModelCatalog.load(home).facts(ModelName.parse("openai-chat:qwen3-coder:30b"));
    assertThat(facts.windowTokens()).isEqualTo(131072);
  }

  @Test
  void theScript() throws IOException {
    var file = home.resolve("script.yaml");
    Files.writeString(file, examples.get(1));

    var turns = Script.read(file).turns();
    assertThat(turns).hasSize(3);
    assertThat(turns.get(1).expect()).hasSize(2);
    assertThat(turns.get(2).fail()).isNotNull();
  }
}
