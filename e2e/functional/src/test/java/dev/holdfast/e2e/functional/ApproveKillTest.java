package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import dev.holdfast.store.SqliteEventLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code approve} killed after the branch was published and before that was recorded. */
class ApproveKillTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SCRIPT =
      """
      turns:
        - calls: [{tool: write_file, input: {path: added, content: new}}]
        - calls: [{tool: submit_change, input: {title: Add a file, description: As asked.}}]
      """;

  @TempDir Path temp;

  @Test
  void isFinishedByTheNextApproveWithTheSameCommit() throws Exception {
    var project = Files.createDirectories(temp.resolve("project"));
    Files.writeString(project.resolve("readme"), "start\n");
    Cli.commitAll(project);
    var cli = new Cli(temp.resolve("home"));
    var script = Files.writeString(temp.resolve("script.yaml"), SCRIPT);
    cli.run(project, "run", "--task", "add", "--model", "script:" + script);
    var run = cli.run(project, "runs").orFail().out().strip().split(" ", 2)[0];
    var branch = "holdfast/" + run;

    var published = publishAndKill(cli, project, run);
    assertThat(has(RunEvent.Committed.class, run)).isFalse();
    assertThat(Cli.host(project, "git", "rev-parse", branch).strip()).isEqualTo(published);

    // Other work in the branch's place is not taken for it, and not overwritten.
    Cli.host(project, "git", "update-ref", "refs/heads/" + branch, other(project));
    var refused = cli.run(project, "approve");
    assertThat(refused.code()).isNotZero();
    assertThat(refused.err()).contains("holds other work");
    Cli.host(project, "git", "update-ref", "refs/heads/" + branch, published);

    var rejected = cli.run(project, "reject");
    assertThat(rejected.code()).isNotZero();
    assertThat(rejected.err()).contains("was approved by `ada`");

    cli.run(project, "approve", "--comment", "again").orFail();
    assertThat(Cli.host(project, "git", "rev-parse", branch).strip()).isEqualTo(published);
    try (var log = new SqliteEventLog(temp.resolve("home"))) {
      assertThat(log.read(new RunId(run), 0))
          .filteredOn(event -> event.event() instanceof RunEvent.Committed)
          .singleElement()
          .satisfies(event -> assertThat(event.event().toString()).contains(published));
      assertThat(log.read(new RunId(run), 0))
          .filteredOn(event -> event.event() instanceof RunEvent.ApprovalGiven)
          .hasSize(1);
    }
  }

  /**
   * Once the approval is recorded, keeps everybody else from writing the log: the branch is
   * published, and its record has to wait. Then the process is killed.
   */
  private String publishAndKill(Cli cli, Path project, String run) throws Exception {
    var process = cli.start(project, "approve");
    process.getOutputStream().close();
    try (var database =
            DriverManager.getConnection("jdbc:sqlite:" + temp.resolve("home/holdfast.db"));
        var lock = database.createStatement()) {
      lock.execute("PRAGMA busy_timeout = 5000");
      await(() -> has(RunEvent.ApprovalGiven.class, run));
      lock.execute("BEGIN IMMEDIATE");
      var ref = project.resolve(".git/refs/heads/holdfast/" + run);
      await(() -> Files.exists(ref));
      process.destroyForcibly();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      lock.execute("ROLLBACK");
      return Files.readString(ref).strip();
    } finally {
      process.destroyForcibly();
    }
  }

  private boolean has(Class<? extends RunEvent> type, String run) {
    try (var database =
            DriverManager.getConnection("jdbc:sqlite:" + temp.resolve("home/holdfast.db"));
        var query =
            database.prepareStatement("SELECT count(*) FROM trace WHERE run = ? AND type = ?")) {
      query.setString(1, run);
      query.setString(2, type == RunEvent.Committed.class ? "committed" : "approval_given");
      try (var rows = query.executeQuery()) {
        return rows.next() && rows.getInt(1) > 0;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String other(Path project) throws IOException, InterruptedException {
    return Cli.host(project, "git", "commit-tree", "HEAD^{tree}", "-m", "other").strip();
  }

  private static void await(BooleanSupplier holds) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.sleep(2);
    }
  }
}
