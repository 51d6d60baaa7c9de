package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.run.RunId;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Tool;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.builtin.BuiltInTools;
import dev.holdfast.tool.registry.InputCheck;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import dev.holdfast.workspace.Workspace;
import dev.holdfast.workspace.WorkspaceId;
import dev.holdfast.workspace.WorkspaceSpec;
import dev.holdfast.workspace.overlay.OverlayWorkspaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The built-in tools in one real workbench, over a real workspace. */
class BuiltInToolsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Map<String, Tool> TOOLS =
      BuiltInTools.all().stream().collect(Collectors.toMap(it -> it.definition().name(), it -> it));
  private static final InputCheck CHECK = new InputCheck();
  private static final WorkspaceId ID = WorkspaceId.random();

  @TempDir static Path temp;
  private static OciEngine engine;
  private static OverlayWorkspaces workspaces;
  private static Context context;

  private record Context(RunId run, CallId call, Workbench workbench, Workspace workspace)
      implements ToolContext {
    @Override
    public Duration timeLeft() {
      return Duration.ofSeconds(30);
    }

    @Override
    public Consumer<String> progress() {
      return _ -> {};
    }

    @Override
    public String ask(String question) {
      return "answer to " + question;
    }
  }

  @BeforeAll
  static void open() throws Exception {
    var project = Files.createDirectories(temp.resolve("project"));
    Files.writeString(project.resolve("app.py"), "def add(a, b):\n    return a - b\n");
    Files.writeString(
        project.resolve("test_app.py"),
        """
        import unittest
        from app import add


        class AppTest(unittest.TestCase):
            def test_add(self):
                self.assertEqual(add(1, 2), 3)
        """);
    Cli.commitAll(project);
    Files.writeString(temp.resolve("secret"), "secret");
    var home = temp.resolve("home");
    engine = OciEngine.open(home);
    workspaces = new OverlayWorkspaces(home, engine.owner());
    var workspace =
        workspaces.create(
            new WorkspaceSpec(ID, project.toString(), "HEAD", "holdfast/test", false, 1L << 28));
    var workbench = engine.create(WorkbenchSpec.over(workspace.tree(), Caps.DEFAULT));
    context = new Context(new RunId("r-1"), CallId.random(), workbench, workspace);
  }

  @AfterAll
  static void close() {
    context.workbench().close();
    context.workspace().close();
    workspaces.delete(ID);
    engine.close();
  }

  /** Calls a tool with {@code '} for {@code "} and holds its answer against its schema. */
  private static JsonNode call(String name, String input) {
    var tool = Objects.requireNonNull(TOOLS.get(name), name);
    var node = JSON.readTree(input.replace('\'', '"'));
    var output = tool.call(context, node);
    assertThat(CHECK.outputProblem(tool, output)).as("%s: %s", name, output).isEmpty();
    return output;
  }

  private static String content(String path) {
    return new String(
        context.workbench().files().read(path, 0, 10_000), java.nio.charset.StandardCharsets.UTF_8);
  }

  @Test
  void everyToolDoesItsPartOfATask() {
    var called = new TreeSet<String>();
    step(called, "list_files", "{}", "app.py");
    step(called, "glob", "{'pattern': 'test_*.py'}", "test_app.py");
    step(called, "search", "{'pattern': 'return a', 'literal': true}", "app.py");
    step(called, "read_file", "{'path': 'app.py'}", "return a - b");
    step(called, "run_tests", "{}", "\"verdict\":\"failed\"");
    step(
        called,
        "apply_patch",
        "{'patch': '--- a/app.py\\n+++ b/app.py\\n@@ -1,2 +1,2 @@\\n def add(a, b):\\n"
            + "-    return a - b\\n+    return a + b\\n--- /dev/null\\n+++ b/docs/x\\n"
            + "@@ -0,0 +1 @@\\n+x\\n'}",
        "created");
    assertThat(content("docs/x")).isEqualTo("x\n");
    step(called, "run_tests", "{}", "\"verdict\":\"passed\"");
    step(called, "write_file", "{'path': 'bad/b.py', 'content': 'def f(:\\n'}", "bad/b.py");
    call("write_file", "{'path': 'bad/b.sh', 'content': 'if true\\n'}");
    step(called, "static_check", "{'directory': 'bad'}", "\"file\":\"bad/b.py\",\"line\":1");
    assertThat(call("static_check", "{'directory': 'bad'}").toString()).contains("bad/b.sh");
    step(
        called,
        "edit_file",
        "{'path': 'bad/b.py', 'edits': [{'old_text': '(:', 'new_text': '(): pass'}]}",
        "\"replacements\":1");
    step(called, "shell", "{'script': 'rm -r bad; id -u'}", "1000");
    assertThat(call("static_check", "{'directory': 'docs'}").toString())
        .contains("\"findings\":[]", "there is nothing of a known kind");
    step(called, "git_status", "{}", "docs");
    step(called, "git_diff", "{}", "return a + b");
    step(called, "git_log", "{}", "Start");
    step(called, "ask_person", "{'question': 'why'}", "answer to why");
    step(called, "submit_change", "{'title': 'T', 'description': 'D'}", "app.py");
    assertThat(called).isEqualTo(new TreeSet<>(TOOLS.keySet()));
  }

  private static void step(Set<String> called, String tool, String input, String expected) {
    assertThat(call(tool, input).toString()).as(tool).contains(expected);
    called.add(tool);
  }

  @Test
  void aPatchThatFitsOneFileOfTwoChangesNone() {
    call("write_file", "{'path': 'one', 'content': '1\\n'}");
    call("write_file", "{'path': 'two', 'content': '2\\n'}");
    assertThatThrownBy(
            () ->
                call(
                    "apply_patch",
                    "{'patch': '--- a/one\\n+++ b/one\\n@@ -1 +1 @@\\n-1\\n+I\\n"
                        + "--- a/two\\n+++ b/two\\n@@ -1 +1 @@\\n-3\\n+III\\n'}"))
        .hasMessageContaining("does not fit `two`");
    assertThat(content("one")).isEqualTo("1\n");
  }

  @Test
  void aPatchWhoseLastWriteFailsIsUndone() {
    call("shell", "{'script': 'echo 1 > first; echo 2 > gone; echo 3 > old; echo 4 > blocker'}");
    assertThatThrownBy(
            () ->
                call(
                    "apply_patch",
                    "{'patch': '--- a/first\\n+++ b/first\\n@@ -1 +1 @@\\n-1\\n+I\\n"
                        + "--- a/gone\\n+++ /dev/null\\n@@ -1 +0,0 @@\\n-2\\n"
                        + "--- a/old\\n+++ b/moved/new\\n@@ -1 +1 @@\\n-3\\n+III\\n"
                        + "--- /dev/null\\n+++ b/blocker/x\\n@@ -0,0 +1 @@\\n+x\\n'}"))
        .isInstanceOf(FileError.class);
    assertThat(content("first") + content("gone") + content("old")).isEqualTo("1\n2\n3\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../../secret", "a/../../x", "/etc/passwd", "out/passwd", "file-out", "a\\u0000b"})
  void noPathLeavesTheWorkspace(String path) {
    call("shell", "{'script': 'ln -sfn /etc out; ln -sfn /etc/passwd file-out; mkdir -p a'}");
    for (var attack :
        Map.of(
                "read_file",
                "{'path': '%s'}",
                "edit_file",
                "{'path': '%s', 'edits': [{'old_text': 'root', 'new_text': 'x'}]}",
                "list_files",
                "{'path': '%s'}",
                "apply_patch",
                "{'patch': '--- a/%s\\n+++ /dev/null\\n@@ -1 +0,0 @@\\n-secret\\n'}")
            .entrySet()) {
      var refusal = catchThrowable(() -> call(attack.getKey(), attack.getValue().formatted(path)));
      assertThat(refusal).as(attack.getKey()).isInstanceOfAny(ToolFault.class, FileError.class);
    }
    // a link itself may be replaced by a file: what it leads to may not
    var refused =
        catchThrowable(() -> call("write_file", "{'path': '%s', 'content': 'x'}".formatted(path)));
    assertThat(refused)
        .satisfiesAnyOf(
            it -> assertThat(it).isNull(),
            it -> assertThat(it).isInstanceOfAny(ToolFault.class, FileError.class));
    assertThat(temp.resolve("secret")).hasContent("secret");
    assertThat(call("shell", "{'script': 'head -c 4 /etc/passwd'}").toString()).contains("root");
  }

  @Test
  void aScriptThatTakesTooLongIsEnded() {
    assertFault("shell", "{'script': 'sleep 20', 'timeout_seconds': 1}", ErrorCode.TIMED_OUT);
  }

  @Test
  void aFloodOfOutputIsEnded() {
    assertFault("shell", "{'script': 'yes'}", ErrorCode.OUTPUT_EXCEEDED);
  }

  private static void assertFault(String tool, String input, ErrorCode code) {
    assertThatThrownBy(() -> call(tool, input))
        .isInstanceOfSatisfying(
            ToolFault.class, fault -> assertThat(fault.error().code()).isEqualTo(code));
  }

  @Test
  void aBackgroundScriptGoesOnUntilItIsKilled() {
    var started = call("shell", "{'script': 'echo up; sleep 30', 'background': true}");
    var pid = started.path("background").path("pid").asInt();
    var log = started.path("background").path("log").asString();
    var seen =
        call(
            "shell",
            "{'script': 'for i in 1 2 3 4 5 6 7; do grep up %s && break; sleep 0.1; done; kill %d'}"
                .formatted(log, pid));
    assertThat(seen.path("stdout").asString()).contains("up");
    assertThat(seen.path("exit_code").asInt()).isZero();
  }

  @Test
  void withoutBashNoOtherShellRunsAScript() {
    call("shell", "{'script': 'mkdir -p only && ln -s /bin/sh only/sh'}");
    var spec =
        new WorkbenchSpec(
            WorkbenchId.random(),
            Optional.of(context.workspace().tree()),
            List.of(),
            Caps.DEFAULT,
            Map.of("PATH", "/workspace/only"));
    try (var bare = engine.create(spec)) {
      var inBare = new Context(context.run(), CallId.random(), bare, context.workspace());
      for (var script :
          List.of("{'script': 'echo ran > ran'}", "{'script': ':>ran', 'background': true}")) {
        assertThatThrownBy(
                () ->
                    Objects.requireNonNull(TOOLS.get("shell"))
                        .call(inBare, JSON.readTree(script.replace('\'', '"'))))
            .isInstanceOf(ToolFault.class)
            .hasMessageContaining("there is no bash in this workbench");
      }
    }
    assertThat(context.workbench().files().stat("ran")).isEmpty();
    call("shell", "{'script': 'rm -r only'}");
  }
}
