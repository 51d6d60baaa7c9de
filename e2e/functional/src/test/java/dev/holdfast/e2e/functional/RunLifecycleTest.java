package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.e2e.functional.Cli.Said;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person does with a run, from the command line, on the real parts. */
class RunLifecycleTest {
  private static final int REFUSED = 3;
  private static final int BUDGET = 4;

  private static final String ONE_STEP =
      """
      turns:
        - calls: [{tool: shell, input: {script: 'echo changed >> readme; echo new > added'}}]
        - calls: [{tool: submit_change, input: {title: Change the readme, description: As asked.}}]
      """;

  @TempDir Path temp;
  private Path project;
  private Cli cli;

  @BeforeEach
  void aProject() throws Exception {
    project = Files.createDirectories(temp.resolve("project"));
    Files.writeString(project.resolve("readme"), "start\n");
    Cli.commitAll(project);
    cli = new Cli(temp.resolve("home"));
  }

  @Test
  void aChangeWaitsForApprovalAndThenIsACommitOnABranch() throws Exception {
    var said = run(ONE_STEP);
    assertThat(said.code()).isEqualTo(REFUSED);
    assertThat(branches()).isEmpty();
    assertThat(cli.run(project, "diff").orFail().out()).contains("+changed", "+++ b/added");

    letGraceReview();
    cli.run(project, "approve", "--as", "grace", "--comment", "fine").orFail();
    assertThat(Cli.host(project, "git", "show", branches() + ":readme"))
        .isEqualTo("start\nchanged\n");
    assertThat(Cli.host(project, "git", "log", "-1", "--format=%B", branches()))
        .startsWith("Change the readme\n")
        .contains("On-Behalf-Of: ada", "Approved-By: grace");
    assertThat(Cli.host(project, "git", "status", "--porcelain")).isEmpty();
    assertThat(project.resolve("added")).doesNotExist();

    var again = cli.run(project, "approve");
    assertThat(again.code()).isNotZero();
    assertThat(again.err()).contains("is committed already");
    cli.run(project, "audit", "verify").orFail();
  }

  @Test
  void onlyWhomThePolicyLetsDecidesOnARun() throws Exception {
    run(ONE_STEP);
    for (var act :
        List.of(
            List.of("approve"),
            List.of("reject"),
            List.of("takeover"),
            List.of("rollback", id(), "--to", "k-0"))) {
      var arguments = new ArrayList<>(act);
      arguments.addAll(List.of("--as", "mallory"));
      var said = cli.run(project, arguments.toArray(String[]::new));
      assertThat(said.code()).as(said.err()).isEqualTo(REFUSED);
      assertThat(said.err()).contains("does not allow `mallory` to " + act.getFirst());
    }
    assertThat(branches()).isEmpty();
    assertThat(cli.run(project, "diff").orFail().out()).contains("+changed");
    assertThat(cli.run(project, "show").orFail().out())
        .contains("mallory may not approve", "mallory may not takeover");
    // The checkout's own rules count when a person decides, too.
    var rules = Files.createDirectories(project.resolve(".holdfast/policies"));
    Files.writeString(
        rules.resolve("x.cedar"),
        """
        @id("x")
        @reason("not the readme")
        forbid (principal, action, resource)
        when { context.writes.paths.contains("readme") };
        """);
    assertThat(cli.run(project, "approve").err()).contains("not the readme");
    Files.delete(rules.resolve("x.cedar"));
    cli.run(project, "approve").orFail();
  }

  @Test
  void thePolicyCanBeAskedWhatAPersonMay() throws Exception {
    cli.run(project, "policy", "check", "--act", "takeover").orFail();
    var other = cli.run(project, "policy", "check", "--act", "approve", "--owner", "grace");
    assertThat(other.code()).isEqualTo(REFUSED);
    assertThat(other.out()).startsWith("forbid\n").contains("no policy permits it");
    letGraceReview();
    cli.run(project, "policy", "check", "--act", "approve", "--as", "grace", "--owner", "ada")
        .orFail();
  }

  private void letGraceReview() throws IOException {
    Files.writeString(
        Files.createDirectories(temp.resolve("home/policies")).resolve("reviewers.cedar"),
        """
        @id("reviewers")
        @reason("grace reviews")
        permit (principal == User::"grace", action == Action::"approve", resource);
        """);
  }

  @Test
  void cleaningRemovesAWorkspaceOnceAndKeepsTheLog() throws Exception {
    run(ONE_STEP, "--yes");
    assertThat(cli.run(project, "clean", "--dry-run").orFail().out())
        .startsWith("would remove workspace");
    assertThat(cli.run(project, "clean").orFail().out()).startsWith("removed workspace");
    assertThat(cli.run(project, "clean").orFail().out()).isEmpty();
    assertThat(cli.run(project, "clean", "--dry-run").orFail().out()).isEmpty();
    cli.run(project, "show").orFail();
  }

  @Test
  void aRejectedChangeStaysOutOfTheRepository() throws Exception {
    run(ONE_STEP);
    cli.run(project, "reject", "--comment", "keep the readme").orFail();
    assertThat(branches()).isEmpty();
    assertThat(cli.run(project, "show").orFail().out()).contains("keep the readme", "rejected");
  }

  @Test
  void aChangeThatIsNoLongerWhatWasSubmittedIsNotCommitted() throws Exception {
    run(ONE_STEP);
    takeOver("echo smuggled >> readme\nexit\n");
    var said = cli.run(project, "approve");
    assertThat(said.code()).isNotZero();
    assertThat(said.err()).contains("changed after its change was submitted");
    assertThat(branches()).isEmpty();
  }

  @Test
  void aCallThatNeedsApprovalIsRefusedWhereNobodyIs() throws Exception {
    var said =
        run(
            """
            turns:
              - calls: [{tool: shell, input: {script: 'curl http://example.org'}}]
              - text: Then I will leave it.
            """);
    assertThat(said.out()).contains("asks", "approval denied");
    assertThat(said.code()).isZero();
  }

  @Test
  void aRunThatIsOutOfBudgetStopsAndGoesOnWithMore() throws Exception {
    var said = run(ONE_STEP, "--max-calls", "1");
    assertThat(said.code()).isEqualTo(BUDGET);
    var run = said.out().lines().toList();
    assertThat(run).isNotEmpty();
    var id = id();
    assertThat(cli.run(project, "budget", id).orFail().out()).contains("1 of 1");
    assertThat(cli.run(project, "run", "--resume", id, "--max-calls", "20", "--yes").code())
        .isZero();
    assertThat(branches()).contains(id);
  }

  @Test
  void aRollbackTakesUntrackedFilesBackToo() throws Exception {
    run(ONE_STEP);
    assertThat(cli.run(project, "rollback").orFail().out()).contains("k-0", "k-1");
    cli.run(project, "rollback", id(), "--to", "k-0").orFail();
    assertThat(cli.run(project, "diff").orFail().out()).isEmpty();
  }

  @Test
  void uncommittedFilesComeAlongWhenAskedFor() throws Exception {
    Files.writeString(project.resolve("draft"), "not yet committed\n");
    var script =
        write("turns: [{calls: [{tool: read_file, input: {path: draft}}]}, {text: Done.}]");
    var said =
        cli.run(project, "run", "--include-dirty", "--task", "read", "--model", "script:" + script);
    assertThat(said.out()).contains("not yet committed");
    assertThat(Cli.host(project, "git", "status", "--porcelain")).isEqualTo("?? draft\n");
  }

  private Said run(String script, String... more) throws IOException, InterruptedException {
    var arguments = new String[5 + more.length];
    arguments[0] = "run";
    arguments[1] = "--task";
    arguments[2] = "change the readme";
    arguments[3] = "--model";
    arguments[4] = "script:" + write(script);
    System.arraycopy(more, 0, arguments, 5, more.length);
    return cli.run(project, arguments);
  }

  private Path write(String script) throws IOException {
    return Files.writeString(temp.resolve("script.yaml"), script);
  }

  private String id() throws IOException, InterruptedException {
    return cli.run(project, "runs").orFail().out().strip().split(" ", 2)[0];
  }

  private String branches() throws IOException, InterruptedException {
    return Cli.host(project, "git", "branch", "--list", "--format=%(refname:short)", "holdfast/*")
        .strip();
  }

  private void takeOver(String keys) throws IOException, InterruptedException {
    var process = cli.start(project, "takeover");
    process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    process.getInputStream().readAllBytes();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }
}
