package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that a repository brings: from the user's checkout, and only to forbid. */
class RepositoryPolicyTest {
  private static final int REFUSED = 3;

  private static final String NO_README =
      """
      @id("team.readme")
      @reason("the readme is written by people")
      forbid (principal, action, resource)
      when { context.writes.paths.contains("readme") };
      """;

  private static final String SCRIPT =
      """
      turns:
        - calls: [{tool: write_file, input: {path: readme, content: changed}}]
        - calls: [{tool: write_file, input: {path: notes, content: new}}]
        - text: Done.
      """;

  @TempDir Path temp;
  private Path project;
  private Path rules;
  private Cli cli;

  @BeforeEach
  void aProject() throws Exception {
    project = Files.createDirectories(temp.resolve("project"));
    Files.writeString(project.resolve("readme"), "start\n");
    rules = Files.createDirectories(project.resolve(".holdfast/policies"));
    cli = new Cli(temp.resolve("home"));
  }

  @Test
  void theyForbidInEveryRunOfTheCheckout() throws Exception {
    Files.writeString(rules.resolve("team.cedar"), NO_README);
    Cli.commitAll(project);
    run();
    assertThat(cli.run(project, "diff").orFail().out())
        .contains("b/notes")
        .doesNotContain("readme");
    assertThat(cli.run(project, "trace", "--json").orFail().out())
        .contains("team.readme", "the readme is written by people");

    var shown = cli.run(project, "policy", "show").orFail().out();
    assertThat(shown).contains("team.readme", "repository: " + rules.resolve("team.cedar") + ":1");
    assertThat(shown).contains("built-in: built-in/00-always.cedar");
    var check =
        cli.run(
            project, "policy", "check", "write_file", "{\"path\": \"readme\", \"content\": \"\"}");
    assertThat(check.code()).isEqualTo(REFUSED);
    assertThat(check.out()).contains("forbid", "team.readme", "(repository: ");
    // Elsewhere they do not hold.
    assertThat(cli.run(temp, "policy", "show").orFail().out()).doesNotContain("team.readme");
  }

  @Test
  void theAgentsCopyDoesNotCount() throws Exception {
    var file = Files.writeString(rules.resolve("team.cedar"), NO_README);
    Cli.commitAll(project);
    Files.delete(file);
    run();
    assertThat(cli.run(project, "diff").orFail().out()).contains("b/readme");
  }

  @Test
  void onesThatPermitStopARunBeforeItBegins() throws Exception {
    Files.writeString(
        rules.resolve("more.cedar"),
        "@id(\"a\") @reason(\"r\")\npermit (principal, action, resource);\n");
    Cli.commitAll(project);
    var said = run();
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.err()).contains("more.cedar:1", "a repository's own policies may only forbid");
    assertThat(cli.run(project, "runs").orFail().out()).isEmpty();
  }

  @Test
  void aResumptionUnderOtherRulesSaysSo() throws Exception {
    Cli.commitAll(project);
    run("--max-calls", "1");
    Files.writeString(rules.resolve("team.cedar"), NO_README);
    var id = cli.run(project, "runs").orFail().out().strip().split(" ", 2)[0];
    var said = cli.run(project, "run", "--resume", id, "--max-calls", "20");
    assertThat(said.out() + said.err()).contains("another set decides from here");
    var events = cli.run(project, "trace", "--json", id).orFail().out().lines().toList();
    assertThat(events).filteredOn(line -> line.contains("\"policy_changed\"")).hasSize(1);
    // The same rules again are no change.
    cli.run(project, "run", "--resume", id, "--max-calls", "21");
    assertThat(cli.run(project, "trace", "--json", id).orFail().out().lines())
        .filteredOn(line -> line.contains("\"policy_changed\""))
        .hasSize(1);
  }

  private Cli.Said run(String... more) throws IOException, InterruptedException {
    var script = Files.writeString(temp.resolve("script.yaml"), SCRIPT);
    var arguments = new String[5 + more.length];
    arguments[0] = "run";
    arguments[1] = "--task";
    arguments[2] = "change the readme";
    arguments[3] = "--model";
    arguments[4] = "script:" + script;
    System.arraycopy(more, 0, arguments, 5, more.length);
    return cli.run(project, arguments);
  }
}
