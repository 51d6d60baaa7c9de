package dev.holdfast.tool.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tool.Tool;
import dev.holdfast.tool.edit.ExactEdits;
import dev.holdfast.tool.registry.InputCheck;
import dev.holdfast.tool.registry.ToolRegistry;
import dev.holdfast.tool.testrun.TestOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class BuiltInDefinitionsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private final ToolRegistry registry = new ToolRegistry(BuiltInTools.all());
  private final InputCheck check = new InputCheck();

  @Test
  void examplesFitTheSchemas() {
    for (var tool : registry.newest()) {
      assertThat(tool.definition().examples()).isNotEmpty();
      for (var example : tool.definition().examples()) {
        assertThat(check.problem(tool.definition().inputSchema(), example.input())).isEmpty();
        assertThat(check.outputProblem(tool, example.output())).isEmpty();
      }
    }
  }

  @Test
  void theDocumentationHasARowForEveryTool() throws Exception {
    var rows = Files.readAllLines(Path.of("../docs/tools.md"));
    for (var tool : registry.newest()) {
      assertThat(rows)
          .filteredOn(row -> row.startsWith("| `%s` |".formatted(tool.definition().name())))
          .hasSize(1);
    }
  }

  @Test
  void driftedInputIsMendedWithNotes() {
    var input =
        JSON.readTree("{\"file_path\": \"a.py\", \"old_string\": \"x\", \"new_string\": \"y\"}");
    var result = check.check(tool("edit_file"), input);
    assertThat(result).isInstanceOf(InputCheck.Valid.class);
    var valid = (InputCheck.Valid) result;
    assertThat(valid.notes()).isNotEmpty();
    assertThat(valid.input().toString())
        .contains("\"path\":\"a.py\"", "\"edits\":[{", "\"old_text\":\"x\"", "\"new_text\":\"y\"");
  }

  @Test
  void anUnknownPropertyIsRefusedAndTheAllowedOnesNamed() {
    var result = check.check(tool("read_file"), JSON.readTree("{\"path\":\"a\",\"zzz\":1}"));
    assertThat(result).isInstanceOf(InputCheck.Invalid.class);
    var error = ((InputCheck.Invalid) result).error();
    assertThat(error.message()).contains("`zzz` is not a known property");
    assertThat(error.next()).contains("path (string, required)");
  }

  @Test
  void aWrongNameIsAnsweredWithTheNearest() {
    var unknown = (ToolRegistry.Unknown) registry.resolve("read_fil");
    assertThat(unknown.error().next()).contains("did you mean `read_file`");
  }

  @Test
  void anAmbiguousEditNamesItsPlaces() {
    var edit = List.of(new ExactEdits.Edit("x = 1", "x = 2", false));
    Assertions.assertThatThrownBy(() -> ExactEdits.apply("a.py", "x = 1\ny\nx = 1\n", edit))
        .hasMessageContaining("2 places")
        .hasMessageContaining("lines 1, 3");
  }

  @Test
  void unittestOutputIsReadWithFileAndLine() {
    var rule = "=".repeat(70) + "\n";
    var line = "-".repeat(70) + "\n";
    var output =
        rule
            + "FAIL: test_add (test_app.AppTest.test_add)\n"
            + line
            + "Traceback (most recent call last):\n"
            + "  File \"/workspace/test_app.py\", line 7, in test_add\n"
            + "    self.assertEqual(add(1, 2), 3)\n"
            + "AssertionError: -1 != 3\n\n"
            + line
            + "Ran 3 tests in 0.001s\n\nFAILED (failures=1, skipped=1)\n";
    var report = TestOutput.read(output).orElseThrow();
    assertThat(report.passed()).isEqualTo(1);
    assertThat(report.skipped()).isEqualTo(1);
    var failure = report.failures().getFirst();
    assertThat(failure.file()).isEqualTo("test_app.py");
    assertThat(failure.line()).isEqualTo(7);
    assertThat(failure.message()).isEqualTo("AssertionError: -1 != 3");
  }

  private Tool tool(String name) {
    return ((ToolRegistry.Found) registry.resolve(name)).tool();
  }
}
