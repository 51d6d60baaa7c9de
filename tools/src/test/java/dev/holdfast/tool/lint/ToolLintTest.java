package dev.holdfast.tool.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tool.Tool;
import dev.holdfast.tool.builtin.BuiltInTools;
import dev.holdfast.tool.declared.DeclaredTools;
import dev.holdfast.tool.declared.Origin;
import dev.holdfast.workbench.wasm.WasmFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class ToolLintTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Nothing is wrong with this one. */
  private static final String GOOD =
      """
      {"name": "list_deployments",
       "description": "Lists the deployments of one service, newest first, with version and state.",
       "inputSchema": {"type": "object", "additionalProperties": false, "required": ["service"],
         "properties": {"service": {"type": "string", "maxLength": 40,
           "description": "The name of the service, such as checkout."}}}}
      """;

  private static final String DECLARED =
      """
      name: count_lines
      description: Counts the lines of one file of the workspace and returns the number.
      parameters:
        path: {type: path, description: "The file, relative to the workspace."}
      command: [wc, -l, --, "{path}"]
      output: text
      on_failure: Check with list_files that the file is there.
      effects: [read]
      idempotent: true
      reversible: true
      examples: [{input: {path: a}, output: "1 a"}]
      """;

  @TempDir Path directory;

  @Test
  void theBuiltInToolsAreClean() {
    assertThat(ToolLint.check(BuiltInTools.all().stream().map(Subject::of).toList())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "list_deployments | list_deployments | ",
        "list_deployments | list deployments | name-refused",
        "list_deployments | 2nd_list | name-refused",
        "list_deployments | list_deployments_of_the_whole_company_and_all_teams | name-long",
        "list_deployments | run | name-vague",
        "list_deployments | get_data | name-vague",
        "Lists the deployments of one service, newest first, with version and state. | Lists deployments. | description-short",
        "Lists the deployments of one service, newest first, with version and state. | | description-missing",
        "\"type\": \"object\", \"additionalProperties\": false, | | input-untyped",
        "\"additionalProperties\": false, | | schema-open",
        "\"additionalProperties\": false, | \"additionalProperties\": false, \"oneOf\": [{}], | schema-refused",
        "\"maxLength\": 40, | \"maxLength\": 40, \"not\": {\"const\": \"x\"}, | schema-refused",
        "\"service\": { | \"service name\": { | parameter-refused",
        "The name of the service, such as checkout. | | parameter-undescribed",
        "\"maxLength\": 40, | | string-unbounded",
        "\"type\": \"string\", | | parameter-untyped",
        "\"type\": \"string\", \"maxLength\": 40, | \"type\": \"object\", | object-untyped",
        "\"type\": \"string\", \"maxLength\": 40, | \"type\": \"array\", \"items\": {\"type\": \"integer\"}, | array-unbounded",
        "The name of the service, such as checkout. | Must be one of checkout, search. | enum-meant",
        "\"service\": {\"type\": \"string\", \"maxLength\": 40, | \"log_file\": {\"type\": \"string\", | path-unbounded",
        "\"service\": {\"type\": \"string\", \"maxLength\": 40, | \"no_cache\": {\"type\": \"boolean\", | boolean-trap",
      })
  void eachRuleFindsItsFault(String from, String to, String rule) {
    var changed = GOOD.replace(from, to == null ? "" : to);
    var findings = ToolLint.check(Subject.foreign("t.json", JSON.readTree(changed)));
    assertThat(findings)
        .extracting(Finding::rule)
        .isEqualTo(rule == null ? List.of() : List.of(rule));
    for (var finding : findings) {
      assertThat(finding.where()).startsWith("t.json ");
      assertThat(finding.why()).isNotBlank();
      assertThat(finding.fix()).isNotBlank();
    }
  }

  @Test
  void aFindingInANestedParameterSaysWhere() {
    var nested =
        GOOD.replace(
            "\"type\": \"string\", \"maxLength\": 40,",
            """
            "type": "array", "maxItems": 3, "items": {"type": "object",
              "additionalProperties": false, "properties": {"x": {"type": "integer"}}},
            """);
    assertThat(ToolLint.check(Subject.foreign("t.json", JSON.readTree(nested))))
        .singleElement()
        .extracting(Finding::where)
        .isEqualTo("t.json input_schema.service[].x");
  }

  @Test
  void tooManyParametersAndBooleans() {
    var properties = new StringBuilder();
    for (int i = 0; i < 13; i++) {
      properties.append("\"p%d\": {\"type\": \"boolean\", \"description\": \"x\"},".formatted(i));
    }
    var many = GOOD.replace("\"properties\": {", "\"properties\": {" + properties);
    assertThat(rules(Subject.foreign("t", JSON.readTree(many))))
        .containsExactlyInAnyOrder("parameters-many", "boolean-trap");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "name: count_lines | name: count_lines | ",
        "[wc, -l, --, | [/bin/rm, -f, --, | effects-understated",
        "[wc, -l, --, | [env, A=b, rm, --, | effects-understated",
        "[wc, -l, --, | [sed, -i, s/a/b/, | effects-understated",
        "[wc, -l, --, \"{path}\" | [sort, \"--output={path}\" | effects-understated",
        "[wc, -l, --, | [git, -C, sub, push, | effects-understated",
        "[wc, -l, --, | [curl, -sS, --upload-file, | effects-understated",
        "[wc, -l, --, | [grep, -c, rm, | ",
        "name: count_lines | name: delete_lines | effects-understated",
        "effects: [read] | effects: [read, network] | effects-reversible",
        "examples: [{input: {path: a}, output: \"1 a\"}] | | no-examples",
        "on_failure: Check with list_files that the file is there.\\n | | no-error-guidance",
      })
  void declarationsAreHeldAgainstTheirCommands(String from, String to, String rule)
      throws IOException {
    var text = DECLARED.replace(from.replace("\\n", "\n"), to == null ? "" : to);
    assertThat(rules(List.of(Subject.of(declared("a", text)))))
        .isEqualTo(rule == null ? List.of() : List.of(rule));
  }

  @Test
  void toolsThatAreTakenForEachOther() {
    var set =
        """
        {"result": {"tools": [%s, %s, %s]}}
        """
            .formatted(
                GOOD,
                GOOD.replace("list_deployments", "deploymentList"),
                GOOD.replace("list_deployments", "List_Deployments").replace("Lists", "Names"));
    assertThat(rules(Subject.foreign("t", JSON.readTree(set))))
        .containsExactly("name-similar", "description-duplicate", "name-duplicate");
    assertThat(
            rules(
                Subject.foreign(
                    "t",
                    JSON.readTree(
                        "[%s, %s]"
                            .formatted(
                                GOOD.replace("list_deployments", "remove_file"),
                                GOOD.replace("list_deployments", "delete_files")
                                    .replace("Lists", "Removes"))))))
        .containsExactly("name-similar");
  }

  @Test
  void tooManyTools() {
    var forty = IntStream.range(0, 41).mapToObj(ToolLintTest::numbered).toList();
    assertThat(ToolLint.check(forty))
        .singleElement()
        .extracting(Finding::severity)
        .isEqualTo(Severity.WARNING);
    var more = IntStream.range(0, 129).mapToObj(ToolLintTest::numbered).toList();
    assertThat(ToolLint.check(more))
        .singleElement()
        .extracting(Finding::severity)
        .isEqualTo(Severity.ERROR);
  }

  @Test
  void theRequestFormsOfProvidersAreRead() {
    var openai = "{\"tools\": [{\"type\": \"function\", \"function\": %s}]}";
    var gemini = "[{\"functionDeclarations\": [%s]}]";
    for (var form : List.of(openai, gemini, "%s")) {
      var renamed = GOOD.replace("inputSchema", "parameters").replace("list_deployments", "run");
      assertThat(rules(Subject.foreign("t", JSON.readTree(form.formatted(renamed)))))
          .containsExactly("name-vague");
    }
  }

  @Test
  void readOnlyHintsOfMcpAreHeldAgainstTheName() {
    var hinted =
        GOOD.replace("list_deployments", "delete_deployment")
            .replace(
                "{\"name\"",
                "{\"annotations\": {\"readOnlyHint\": true, \"openWorldHint\": false}, \"name\"");
    assertThat(rules(Subject.foreign("t", JSON.readTree(hinted))))
        .containsExactly("effects-understated");
  }

  @Test
  void theGuideNamesEveryRule() throws IOException {
    var guide = Files.readString(Path.of("..", "docs", "tools.md"));
    var source = new StringBuilder();
    try (var files = Files.list(Path.of("src/main/java/dev/holdfast/tool/lint"))) {
      for (var file : files.toList()) {
        source.append(Files.readString(file));
      }
    }
    var named =
        java.util.regex.Pattern.compile("(?:error|warning|Finding)\\(\\s*\"([a-z-]+)\"")
            .matcher(source)
            .results()
            .map(match -> match.group(1))
            .distinct()
            .toList();
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(named).allSatisfy(rule -> assertThat(guide).contains("`" + rule + "`"));
  }

  private static Subject numbered(int number) {
    // Words that mean different things, and a first sentence of its own.
    var name = "list_x" + Integer.toString(number * 7 + 1000, 36) + "q";
    var text = GOOD.replace("list_deployments", name).replace("Lists", "Number " + number);
    return Subject.foreign("t", JSON.readTree(text)).getFirst();
  }

  private static List<String> rules(List<Subject> subjects) {
    return ToolLint.check(subjects).stream().map(Finding::rule).toList();
  }

  private Tool declared(String name, String text) throws IOException {
    var file = Files.writeString(directory.resolve(name + ".yaml"), text);
    return DeclaredTools.read(file, Origin.HOME, new WasmFunctions());
  }
}
