package dev.holdfast.tool.declared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.run.RunId;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.Effect;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.wasm.WasmFunctions;
import dev.holdfast.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The guide's function, compiled from C, as a tool. */
@Timeout(120)
class DeclaredFunctionTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  @TempDir Path directory;
  private String declaration = "";

  @BeforeEach
  void begin() throws Exception {
    var module = directory.resolve("slug.wasm");
    var clang =
        new ProcessBuilder(
                "clang-14",
                "--target=wasm32-wasi",
                "-O1",
                "-o",
                module.toString(),
                "src/test/c/slug.c")
            .inheritIO()
            .start();
    assertThat(clang.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(clang.exitValue()).isZero();
    var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(module));
    var guide = Files.readString(Path.of("..", "docs", "tools.md"));
    declaration =
        EXAMPLE
            .matcher(guide)
            .results()
            .map(match -> match.group(1))
            .filter(text -> text.contains("wasm:"))
            .findFirst()
            .orElseThrow()
            .replaceAll("sha256: [0-9a-f]{64}", "sha256: " + HexFormat.of().formatHex(digest));
  }

  @Test
  void theGuidesExampleAnswersWithoutAWorkbench() throws IOException {
    var tool = read(declaration);
    assertThat(call(tool, "Hello, World 2!").path("text").asString()).isEqualTo("hello-world-2");
    assertThat(tool.definition().effects()).containsExactly(Effect.READ);
    assertThat(tool.reach(JSON.readTree("{\"title\": \"x\"}"))).isEqualTo(Reach.NOTHING);
    assertThat(tool.fixedWords()).isEmpty();
  }

  @Test
  void theInputIsOnStdinAsJson() throws IOException {
    assertThat(call(read(declaration), "input").path("text").asString())
        .isEqualTo("{\"title\":\"input\"}");
  }

  @Test
  void whatGoesWrongIsAnErrorForTheModel() throws IOException {
    assertCode(ErrorCode.COMMAND_FAILED, declaration, "???");
    assertCode(ErrorCode.COMMAND_FAILED, declaration, "trap");
    assertCode(ErrorCode.TIMED_OUT, declaration, "spin");
  }

  private void assertCode(ErrorCode code, String text, String title) throws IOException {
    var tool = read(text);
    assertThatThrownBy(() -> call(tool, title))
        .isInstanceOfSatisfying(
            ToolFault.class, fault -> assertThat(fault.error().code()).isEqualTo(code));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "effects: [read] | effects: [read, write] | `effects` must be `[read]`",
        "effects: [read] | effects: [execute] | `effects` must be `[read]`",
        "file: slug.wasm | file: ../slug.wasm | is not allowed: a file",
        "file: slug.wasm | file: /etc/x.wasm | is not allowed: a file",
        "file: slug.wasm | file: link.wasm | must be a regular file",
        "file: slug.wasm | file: none.wasm | must be a regular file",
        "file: slug.wasm | file: text.wasm | has the SHA-256",
        "wasm: | command: [ls]\\nwasm: | `command` does not go with `wasm`",
        "output: text | output: text\\ntimeout: 5 | `timeout` does not go with `wasm`",
        "memory_mib: 16 | memory_mib: 4096 | must be a whole number from 1 to 512",
        "memory_mib: 16 | network: true | `network` is not known here",
      })
  void aDeclarationThatAsksForMoreIsRefused(String from, String to, String reason)
      throws IOException {
    Files.writeString(directory.resolve("text.wasm"), "(module)");
    Files.createSymbolicLink(directory.resolve("link.wasm"), directory.resolve("slug.wasm"));
    var changed = declaration.replace(from, to.replace("\\n", "\n"));
    assertThat(changed).isNotEqualTo(declaration);
    assertThatThrownBy(() -> read(changed))
        .isInstanceOf(DeclarationException.class)
        .hasMessageContaining(reason);
  }

  private DeclaredTool read(String text) throws IOException {
    var file = Files.writeString(directory.resolve("slug.yaml"), text);
    return DeclaredTools.read(file, Origin.REPOSITORY, new WasmFunctions());
  }

  private static JsonNode call(DeclaredTool tool, String title) {
    return tool.call(new Bare(), JSON.createObjectNode().put("title", title));
  }

  /** A run in which nothing may be touched. */
  private record Bare() implements ToolContext {
    @Override
    public RunId run() {
      return new RunId("r-1");
    }

    @Override
    public CallId call() {
      return new CallId("c-1");
    }

    @Override
    public Workbench workbench() {
      throw new AssertionError("a function asked for a workbench");
    }

    @Override
    public Workspace workspace() {
      throw new AssertionError("a function asked for the workspace");
    }

    @Override
    public Duration timeLeft() {
      return Duration.ofSeconds(5);
    }

    @Override
    public Consumer<String> progress() {
      return _ -> {};
    }

    @Override
    public String ask(String question) {
      throw new AssertionError("a function asked a person: " + List.of(question));
    }
  }
}
