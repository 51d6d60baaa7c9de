package dev.holdfast.tool.declared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.registry.InputCheck;
import dev.holdfast.workbench.wasm.WasmFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a template makes of an input. */
class DeclaredToolTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  @Test
  void theGuidesExampleIsATool() throws IOException {
    var guide = Files.readString(Path.of("..", "docs", "tools.md"));
    var examples = EXAMPLE.matcher(guide).results().map(match -> match.group(1)).toList();
    assertThat(examples).hasSize(2);
    var tool = tool(examples.getFirst());
    assertThat(tool.command(JSON.readTree("{\"path\": \"src/app.py\"}")))
        .containsExactly("git", "log", "--date=short", "--format=%h %ad %s", "--", "src/app.py");
    var input = "{\"path\": \"a\", \"since\": \"2026-01-31\", \"most\": 3, \"merges\": true}";
    assertThat(tool.command(JSON.readTree(input)))
        .containsSequence(
            "--max-count=3", "--since=2026-01-31", "--diff-merges=first-parent", "--", "a");
    assertThat(tool.definition().errors()).contains(ErrorCode.COMMAND_FAILED);
  }

  @Test
  void theGuideHasARowForEveryNameOfADeclaration() throws IOException {
    var guide = Files.readString(Path.of("..", "docs", "tools.md"));
    assertThat(DeclarationReader.NAMES).allSatisfy(name -> assertThat(guide).contains("`" + name));
  }

  @Test
  void aValueStaysOneArgumentWhateverIsInIt() {
    var tool = with("text", "[echo, \"{x}\", \"--as={x}\"]");
    for (var value : List.of("a b", "$(id)", "; rm -rf /", "`id`", "a\nb", "'\"", "{x}", "*", "")) {
      var input = JSON.createObjectNode().put("x", value);
      assertThat(tool.command(input)).containsExactly("echo", value, "--as=" + value);
    }
  }

  @Test
  void aValueIsNoOptionUnlessItsParameterSaysSo() {
    var tool = with("text", "[grep, \"{x}\"]");
    var input = JSON.readTree("{\"x\": \"--file=/etc/passwd\"}");
    assertThatThrownBy(() -> tool.command(input))
        .isInstanceOf(ToolFault.class)
        .hasMessage("`x` is `--file=/etc/passwd`: `grep` would take it for an option");
    assertThat(tool.reach(input)).isEqualTo(Reach.NOTHING);
    assertThat(with("text, dash: true", "[grep, \"{x}\"]").command(input))
        .containsExactly("grep", "--file=/etc/passwd");
    assertThat(with("path", "[cat, \"{x}\"]").command(JSON.readTree("{\"x\": \"-n\"}")))
        .containsExactly("cat", "./-n");
    assertThatThrownBy(
            () -> with("integer", "[head, \"{x}\"]").command(JSON.readTree("{\"x\": -1}")))
        .isInstanceOf(ToolFault.class);
  }

  @Test
  void anEmptyValueDoesNotLetWhatFollowsBecomeAnOption() {
    assertThatThrownBy(
            () -> with("text", "[rm, \"{x}-rf\"]").command(JSON.readTree("{\"x\": \"\"}")))
        .isInstanceOf(ToolFault.class);
  }

  @Test
  void aNulIsRefused() {
    var input = JSON.createObjectNode().put("x", "a\0b");
    assertThatThrownBy(() -> with("text", "[echo, \"{x}\"]").command(input))
        .hasMessageContaining("NUL");
  }

  @Test
  void absentParametersTakeTheirArgumentsWithThem() {
    var tool =
        with(
            "text, optional: true",
            "[git, log, \"--author={x}\", [--grep, \"{x}\"], {when: x, then: [--all]}]");
    assertThat(tool.command(JSON.readTree("{}"))).containsExactly("git", "log");
    assertThat(tool.command(JSON.readTree("{\"x\": null}"))).containsExactly("git", "log");
    assertThat(tool.command(JSON.readTree("{\"x\": \"ada\"}")))
        .containsExactly("git", "log", "--author=ada", "--grep", "ada", "--all");
  }

  @Test
  void aListIsSpread() {
    var tool = with("text, list: true", "[ls, [-I, \"{x}\"], \"--hide={x}\", --, \"{x}\"]");
    assertThat(tool.command(JSON.readTree("{\"x\": [\"a\", \"b c\"]}")))
        .containsExactly("ls", "-I", "a", "-I", "b c", "--hide=a", "--hide=b c", "--", "a", "b c");
    assertThat(tool.command(JSON.readTree("{\"x\": []}"))).containsExactly("ls", "--");
  }

  @Test
  void aConditionIsFalseForFalse() {
    var tool = with("boolean", "[ls, {when: x, then: [-a]}]");
    assertThat(tool.command(JSON.readTree("{\"x\": true}"))).containsExactly("ls", "-a");
    assertThat(tool.command(JSON.readTree("{\"x\": false}"))).containsExactly("ls");
  }

  @Test
  void policiesSeeTheCommandItsEnvironmentAndItsFiles() {
    var tool =
        tool(
            Declarations.BASE
                .replace("{type: text", "{type: path")
                .replace("[echo, \"{x}\"]", "[make, \"{x}\"]\nenv: {LD_PRELOAD: \"{x}\"}"));
    var reach = tool.reach(JSON.readTree("{\"x\": \"./lib//a.so\"}"));
    assertThat(reach.argv()).containsExactly("env", "LD_PRELOAD=lib/a.so", "make", "lib/a.so");
    assertThat(reach.paths()).containsExactly("lib/a.so");
  }

  @Test
  void inADirectoryPathsAreWrittenFromTheRoot() {
    var tool = with("path", "[wc, \"{x}\"]\ndirectory: docs");
    var input = JSON.readTree("{\"x\": \"a.md\"}");
    assertThat(tool.command(input)).containsExactly("wc", "/workspace/a.md");
    assertThat(tool.reach(input).paths()).containsExactly("a.md", "docs");
  }

  @Test
  void theShortFormIsASchema() {
    var tool =
        tool(Declarations.BASE
                .replace("[echo,", "[echo, \"{{{mode}{n}\",")
                .replace(
                    "parameters:\n",
                    """
                parameters:
                  mode: {type: choice, choices: [fast, full], optional: true}
                  n: {type: integer, minimum: 1, maximum: 9, optional: true}
                """))
            .definition();
    assertThat(tool.inputSchema().path("required").toString()).isEqualTo("[\"x\"]");
    var check = new InputCheck();
    for (var good : Set.of("{\"x\":\"a\",\"mode\":\"fast\",\"n\":9}", "{\"x\":\"\"}")) {
      assertThat(check.problem(tool.inputSchema(), JSON.readTree(good))).isEmpty();
    }
    for (var bad : Set.of("{}", "{\"x\":\"a\",\"mode\":\"slow\"}", "{\"x\":\"a\",\"n\":0}")) {
      assertThat(check.problem(tool.inputSchema(), JSON.readTree(bad))).as(bad).isPresent();
    }
  }

  private static DeclaredTool with(String type, String command) {
    return tool(
        Declarations.BASE
            .replace("type: text", "type: " + type)
            .replace("[echo, \"{x}\"]", command));
  }

  private static DeclaredTool tool(String text) {
    return DeclarationReader.read(
        "t.yaml", text, Origin.REPOSITORY, new InputCheck(), new WasmFunctions());
  }
}
