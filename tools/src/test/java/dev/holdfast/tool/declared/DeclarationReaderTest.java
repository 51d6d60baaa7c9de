package dev.holdfast.tool.declared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.tool.builtin.BuiltInTools;
import dev.holdfast.tool.registry.InputCheck;
import dev.holdfast.workbench.wasm.WasmFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a declaration, and in which line. */
class DeclarationReaderTest {
  private static final String SCHEMA =
      """
      name: say
      description: Says what it is given.
      input_schema:
        type: object
        properties:
          x: %s
      command: [echo, "{x}"]
      output: text
      effects: [read, execute]
      idempotent: true
      reversible: true
      """;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "name: say | name: Say It | t.yaml:1: tool name `Say It` is not allowed",
        "name: say | nam: say | t.yaml:1: `nam` is not known here: it is one of name, version",
        "name: say | name: say\\nname: tell | t.yaml:2: `name` is given twice",
        "name: say | name: &a say | t.yaml:1: anchors",
        "name: say | name: !!str say | t.yaml:1: the tag",
        "name: say | name: [say | t.yaml:2: this is not YAML",
        "description: Says what it is given.\\n |  | t.yaml:1: `description` is missing",
        "type: text | type: string | t.yaml:4: type `string` is not known: it is one of text, path",
        "type: text | type: choice | t.yaml:4: a choice needs `choices`",
        "description: What | default: What | t.yaml:4: `default` is not known here",
        "{x}\"] | {y}\"] | t.yaml:5: `{y}` is no parameter: there are [x]",
        "{x}\"] | {x\"] | t.yaml:5: `{x` has a single brace",
        "\"{x}\"] | a] | t.yaml:5: parameter `x` is used nowhere",
        "[echo, | [\"{x}\", | t.yaml:5: the command must begin with its program",
        "[echo, | [-e, | t.yaml:5: the command must begin with its program",
        "command: [echo, \"{x}\"]\\n |  | t.yaml:1: `command` is missing",
        "\"{x}\"] | \"-{x}\"] | t.yaml:5: the value of `x` would choose the option",
        "\"{x}\"] | \"--{x}=1\"] | t.yaml:5: the value of `x` would choose the option",
        "[echo, \"{x}\"] | [bash, -c, \"ls {x}\"] | t.yaml:5: a value would be code",
        "[echo, \"{x}\"] | [env, A=b, /bin/sh, -euc, \"{x}\"] | t.yaml:5: a value would be code",
        "[echo, \"{x}\"] | [timeout, \"5\", [sh, -c], \"{x}\"] | t.yaml:5: a value would be code",
        "output: text | output: xml | t.yaml:6: `xml` is not allowed here",
        "output: text | output: json | t.yaml:6: `output_schema` goes with `output: json`",
        "[read, execute] | [read, ask] | t.yaml:7: a command cannot have this effect",
        "[read, execute] | [read] | t.yaml:7: a repository's tools run programs",
        "idempotent: true | idempotent: perhaps | t.yaml:8: `idempotent` must be true or false",
        "reversible: true | reversible: true\\ntimeout: 0 | t.yaml:10: `timeout` must be a whole number",
        "reversible: true | reversible: true\\ntimeout: \"{x}\" | t.yaml:10: `timeout` must be a number of seconds or a single parameter of type integer",
        "reversible: true | reversible: true\\ndirectory: ../up | t.yaml:10: `directory` must be relative",
        "reversible: true | reversible: true\\ndirectory: \"{x}\" | t.yaml:10: `directory` must be relative",
        "reversible: true | reversible: true\\nenv: {A-B: c} | t.yaml:10: `A-B` is no name of a variable",
        "reversible: true | reversible: true\\nlimits: {hours: 2} | t.yaml:10: `hours` is not known here: it is one of seconds, output_bytes",
        "reversible: true | reversible: true\\nversion: one | t.yaml:10: version `one` is not allowed",
        "reversible: true | reversible: true\\nexamples: [{input: {}, output: hi}] | t.yaml:10: the example's input does not fit the schema: `x` is missing",
        "reversible: true | reversible: true\\nexamples: [{input: {x: -n}, output: hi}] | t.yaml:10: the example cannot be called",
        "reversible: true | reversible: true\\nexamples: [{input: {x: a}, output: 7}] | t.yaml:10: the example's output does not fit",
      })
  void whatIsWrongIsNamedWithItsLine(String from, String to, String message) {
    var changed =
        Declarations.BASE.replace(
            from.replace("\\n", "\n"), to == null ? "" : to.replace("\\n", "\n"));
    assertThat(changed).isNotEqualTo(Declarations.BASE);
    assertThatThrownBy(() -> read(changed, Origin.REPOSITORY))
        .isInstanceOf(DeclarationException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{type: strng} | t.yaml:4: this is not JSON Schema 2020-12",
        "{$ref: 'http://localhost/x'} | t.yaml:6: `$ref` is not allowed",
        "{type: string, pattern: '(a+)+$'} | t.yaml:6: `pattern` is not allowed in a repository's tools",
        "{type: object} | t.yaml:7: parameter `x` cannot stand in a command",
      })
  void schemasAreCheckedAndFetchNothing(String schema, String message) {
    assertThatThrownBy(() -> read(SCHEMA.formatted(schema), Origin.REPOSITORY))
        .hasMessageStartingWith(message);
  }

  @Test
  void aParameterMayBeNamedLikeAKeyword() {
    var text =
        SCHEMA.formatted("{type: string}").replace("x:", "pattern:").replace("{x}", "{pattern}");
    assertThatCode(() -> read(text, Origin.REPOSITORY)).doesNotThrowAnyException();
  }

  @Test
  void theUsersOwnToolsMayOnlyLookAndUsePatterns() {
    var text =
        SCHEMA.formatted("{type: string, pattern: '^[a-z]+$'}").replace("read, execute", "read");
    assertThatCode(() -> read(text, Origin.HOME)).doesNotThrowAnyException();
  }

  @Test
  void deepNestingIsRefusedAndDoesNotOverflow() {
    var deep = "[".repeat(20_000) + "]".repeat(20_000);
    assertThatThrownBy(() -> read(deep, Origin.REPOSITORY)).hasMessageContaining("nested");
  }

  @Test
  void noDeclarationTakesTheNameOfAnotherTool() throws IOException {
    Files.writeString(directory.resolve("a.yaml"), Declarations.BASE.replace("say", "shell"));
    assertThatThrownBy(this::load).hasMessageContaining("`shell` is taken by a built-in tool");
    Files.writeString(directory.resolve("a.yaml"), Declarations.BASE + "version: 9.0.0\n");
    assertThat(load()).hasSize(1);
    Files.writeString(directory.resolve("b.yaml"), Declarations.BASE);
    assertThatThrownBy(this::load).hasMessageContaining("taken by").hasMessageContaining("a.yaml");
  }

  @Test
  void onlyRegularFilesAreRead() throws IOException {
    var elsewhere = Files.writeString(directory.resolve("elsewhere"), Declarations.BASE);
    var link = Files.createSymbolicLink(directory.resolve("a.yaml"), elsewhere);
    assertThatThrownBy(this::load).hasMessageContaining("must be a regular file");
    Files.delete(link);
    Files.writeString(directory.resolve("a.yml"), Declarations.BASE);
    assertThatThrownBy(this::load).hasMessageContaining("must end in `.yaml`");
  }

  @Test
  void aDirectoryThatIsALinkIsRefused(@TempDir Path other) throws IOException {
    var link = Files.createSymbolicLink(other.resolve("tools"), directory);
    assertThatThrownBy(
            () -> DeclaredTools.load(other, Optional.of(link), List.of(), new WasmFunctions()))
        .hasMessageContaining("links are not followed");
  }

  private List<DeclaredTool> load() {
    return DeclaredTools.load(
        directory.resolve("none"), Optional.of(directory), BuiltInTools.all(), new WasmFunctions());
  }

  private static DeclaredTool read(String text, Origin origin) {
    return DeclarationReader.read("t.yaml", text, origin, new InputCheck(), new WasmFunctions());
  }
}
