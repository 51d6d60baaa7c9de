package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tools declared in YAML, called by a scripted model, on the real parts. */
class DeclaredToolsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int REFUSED = 3;

  private static final String COMMON = "idempotent: true\nreversible: true\n";

  private static final String SORT_LINES =
      """
      name: sort_lines
      description: Sorts the lines of a file of the workspace in place.
      parameters:
        path: {type: path, description: The file.}
        reverse: {type: boolean, optional: true, description: Largest first.}
      command: [sort, {when: reverse, then: [-r]}, "--output={path}", --, "{path}"]
      env: {LC_ALL: C}
      output: text
      on_failure: Look with list_files whether the file is there.
      effects: [read, write, execute]
      """
          + COMMON;

  private static final String READ_CONFIG =
      """
      name: read_config
      description: Reads a configuration file and returns it.
      parameters:
        path: {type: path, description: The file.}
      command: [cat, --, "{path}"]
      output: json
      output_schema: {type: object, required: [port], properties: {port: {type: integer}}}
      effects: [read, execute]
      """
          + COMMON;

  private static final String FETCH =
      """
      name: fetch
      description: Fetches a page.
      parameters:
        url: {type: text, description: Its address.}
      command: [curl, "{url}"]
      output: text
      effects: [read, execute]
      """
          + COMMON;

  private static final String SCRIPT =
      """
      turns:
        - calls: [{tool: sort_lines, input: {path: names, reverse: true}}]
        - calls: [{tool: read_config, input: {path: config.json}}]
        - calls: [{tool: read_config, input: {path: names}}]
        - calls: [{tool: sort_lines, input: {path: ../../etc/passwd}}]
        - calls: [{tool: sort_lines, input: {path: missing}}]
        - calls: [{tool: fetch, input: {url: 'http://example.org'}}]
        - calls: [{tool: fetch, input: {url: '--version'}}]
        - calls: [{tool: fetch, input: {url: 'a; touch /workspace/injected'}}]
        - calls: [{tool: removed, input: {}}]
        - calls: [{tool: write_file, input: {path: .holdfast/tools/more.yaml, content: 'name: more'}}]
        - calls: [{tool: submit_change, input: {title: Sort the names, description: As asked.}}]
      """;

  @TempDir Path temp;
  private Path project;
  private Cli cli;

  @BeforeEach
  void aProjectWithTools() throws Exception {
    project = Files.createDirectories(temp.resolve("project"));
    Files.writeString(project.resolve("names"), "ada\ngrace\nbarbara\n");
    Files.writeString(project.resolve("config.json"), "{\"port\": 8080}\n");
    declare(project.resolve(".holdfast/tools"), "sort_lines", SORT_LINES);
    declare(project.resolve(".holdfast/tools"), "fetch", FETCH);
    var removed = SORT_LINES.replace("sort_lines", "removed");
    var committedOnly = declare(project.resolve(".holdfast/tools"), "removed", removed);
    Cli.commitAll(project);
    // The agent's copy still has it; the user's checkout does not.
    Files.delete(committedOnly);
    declare(temp.resolve("home/tools"), "read_config", READ_CONFIG);
    cli = new Cli(temp.resolve("home"));
  }

  @Test
  void theyPassTheGateAsBuiltInToolsDo() throws Exception {
    var script = Files.writeString(temp.resolve("script.yaml"), SCRIPT);
    var said = cli.run(project, "run", "--task", "sort", "--model", "script:" + script);
    assertThat(said.code()).as(said.err()).isEqualTo(REFUSED);

    var ended = outcomes();
    assertThat(ended.get(0).path("output").path("exit_code").asInt(-1)).isZero();
    assertThat(ended.get(1).path("output").path("port").asInt()).isEqualTo(8080);
    assertThat(ended.get(2).toString()).contains("COMMAND_FAILED", "is not JSON");
    assertThat(ended.get(3).toString()).doesNotContain("\"completed\"");
    assertThat(ended.get(4).toString())
        .contains("COMMAND_FAILED", "Look with list_files whether the file is there.");
    // Policies see the program: `curl` needs an approval, and nobody is there.
    assertThat(ended.get(5).toString()).contains("APPROVAL_DENIED");
    assertThat(ended.get(6).toString()).contains("INVALID_INPUT", "take it for an option");
    assertThat(ended.get(7).toString()).contains("APPROVAL_DENIED");
    assertThat(ended.get(8).toString()).contains("UNKNOWN_TOOL", "there is no tool `removed`");
    assertThat(ended.get(9).toString()).contains("NOT_ALLOWED");

    assertThat(cli.run(project, "diff").orFail().out())
        .contains("a/names")
        .doesNotContain("injected", "more.yaml");
    // What it did is saved: the workspace can go back to before it.
    assertThat(cli.run(project, "rollback").orFail().out()).contains("k-0", "k-1");
    cli.run(project, "rollback", runId(), "--to", "k-0").orFail();
    assertThat(cli.run(project, "diff").orFail().out()).isEmpty();
    assertThat(cli.run(project, "budget").orFail().out()).contains(" of 500");
  }

  @Test
  void theCommandLineShowsThemAndWhatThePolicyThinks() throws Exception {
    var below = Files.createDirectories(project.resolve("src"));
    assertThat(cli.run(below, "tools", "list").orFail().out())
        .contains("sort_lines", "read_config", "shell");
    var format = cli.run(project, "tools", "show", "sort_lines", "--format", "anthropic").orFail();
    assertThat(format.out()).contains("\"input_schema\"", "\"Largest first.\"");
    cli.run(project, "policy", "check", "sort_lines", "{\"path\": \"names\"}").orFail();
    var outside = cli.run(project, "policy", "check", "sort_lines", "{\"path\": \"/etc/passwd\"}");
    assertThat(outside.code()).isEqualTo(REFUSED);
    assertThat(outside.out()).contains("needs approval", "approval.outside");
    var hooks = cli.run(project, "policy", "check", "sort_lines", "{\"path\": \".git/config\"}");
    assertThat(hooks.out()).contains("forbid", "always.git-internals");
  }

  @Test
  void aWrongDeclarationStopsARunBeforeItBegins() throws Exception {
    declare(project.resolve(".holdfast/tools"), "zz", SORT_LINES.replace("sort,", "\"{path}\","));
    var said = cli.run(project, "run", "--task", "sort", "--model", "script:none");
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.err()).contains("zz.yaml:6: the command must begin with its program");
    assertThat(cli.run(project, "runs").orFail().out()).isEmpty();
  }

  /** How each call ended, in order. */
  private List<JsonNode> outcomes() throws IOException, InterruptedException {
    Map<String, JsonNode> ended = new HashMap<>();
    var order = new java.util.ArrayList<String>();
    for (var line : cli.run(project, "trace", "--json").orFail().out().lines().toList()) {
      var event = JSON.readTree(line).path("event");
      if (event.path("type").asString("").equals("decided")) {
        order.add(event.path("call").path("id").asString(""));
      } else if (event.path("type").asString("").equals("ended")) {
        ended.put(event.path("call").asString(""), event.path("outcome"));
      }
    }
    return order.stream().map(ended::get).toList();
  }

  private String runId() throws IOException, InterruptedException {
    return cli.run(project, "runs").orFail().out().strip().split(" ", 2)[0];
  }

  private static Path declare(Path directory, String name, String text) throws IOException {
    return Files.writeString(Files.createDirectories(directory).resolve(name + ".yaml"), text);
  }
}
