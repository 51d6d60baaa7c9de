package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.oci.Reaper;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Ctrl-C: the signal, to the process, in the middle of a run. */
class InterruptTest {
  private static final int INTERRUPTED = 130;
  private static final int WAITS = 3;
  private static final Duration SOON = Duration.ofSeconds(12);

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
  void itEndsAProgramUnderWay() throws Exception {
    interrupt(
        "\"tool\":\"shell\"",
        """
        turns:
          - calls: [{tool: shell, input: {script: 'echo begun >> readme; sleep 600; echo wrong >> readme'}}]
          - calls: [{tool: submit_change, input: {title: Go on, description: As before.}}]
        """);

    var said = cli.run(project, "run", "--resume", id());
    assertThat(said.code()).as(said.err()).isEqualTo(WAITS);
    assertThat(cli.run(project, "diff").orFail().out()).doesNotContain("wrong");
  }

  @Test
  void itEndsTheWaitForAModel() throws Exception {
    interrupt(
        "\"type\":\"prompted\"",
        """
        turns:
          - {text: Late., delay_millis: 600000}
        """);
  }

  @Test
  void itEndsTheWaitForAnApproval() throws Exception {
    interrupt(
        "\"type\":\"approval_asked\"",
        """
        turns:
          - calls: [{tool: shell, input: {script: 'curl http://example.org'}}]
          - text: Then I will leave it.
        """,
        "--approval-timeout",
        "10m");

    assertThat(cli.run(project, "run", "--resume", id()).code()).isZero();
  }

  /** What the tests said when they were ended is no evidence. */
  @Test
  void itEndsTheGatheringOfEvidenceWhichIsThenTakenAnew() throws Exception {
    var tests = Files.createDirectories(project.resolve("tests"));
    Files.writeString(tests.resolve("__init__.py"), "");
    Files.writeString(
        tests.resolve("test_once.py"),
        """
        import os, time, unittest
        class Once(unittest.TestCase):
            def test_it(self):
                if not os.path.exists("quick"):
                    time.sleep(600)
        """);
    Cli.host(project, "git", "add", "-A");
    Cli.host(project, "git", "commit", "-q", "-m", "Test");
    interrupt(
        "\"tool\":\"run_tests\"",
        """
        turns:
          - calls: [{tool: shell, input: {script: 'echo more >> readme'}}]
          - calls: [{tool: submit_change, input: {title: More, description: As asked.}}]
          - calls: [{tool: shell, input: {script: 'touch quick'}}]
          - calls: [{tool: submit_change, input: {title: More, description: As asked.}}]
        """);
    assertThat(cli.run(project, "diff").orFail().out()).contains("+more");

    var said = cli.run(project, "run", "--resume", id());
    assertThat(said.code()).as(said.err()).isEqualTo(WAITS);
    assertThat(said.out()).containsPattern("run_tests +verdict passed");
  }

  /** Sends the signal once the run has said {@code moment}. */
  private void interrupt(String moment, String script, String... more) throws Exception {
    var file = Files.writeString(temp.resolve("script.yaml"), script);
    var arguments = new String[6 + more.length];
    arguments[0] = "run";
    arguments[1] = "--json";
    arguments[2] = "--task";
    arguments[3] = "go on";
    arguments[4] = "--model";
    arguments[5] = "script:" + file;
    System.arraycopy(more, 0, arguments, 6, more.length);
    var process = cli.start(project, arguments);
    process.getOutputStream().close();
    var errors = Thread.ofVirtual().start(() -> drain(process));
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      var line = out.readLine();
      while (line != null && !line.contains(moment)) {
        line = out.readLine();
      }
      assertThat(line).as("the run says %s", moment).isNotNull();
      Thread.sleep(700);
      assertThat(process.isAlive()).isTrue();
      Cli.host(temp, "kill", "-INT", Long.toString(process.pid()));
      assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).as("it ends soon").isTrue();
      assertThat(process.exitValue()).isEqualTo(INTERRUPTED);
      assertThat(out.readAllAsString()).contains("\"reason\":\"CANCELLED\"");
    } finally {
      process.destroyForcibly();
      errors.join();
    }
    assertNothingIsLeft();
    cli.run(project, "audit", "verify").orFail();
    assertThat(cli.run(project, "runs").orFail().out()).contains("cancelled");
  }

  /** Before any other command could have cleared up. */
  private void assertNothingIsLeft() throws Exception {
    for (Path place : Reaper.of(cli.home()).places()) {
      if (Files.isDirectory(place)) {
        try (var workbenches = Files.list(place)) {
          assertThat(workbenches.filter(path -> path.getFileName().toString().startsWith("w-")))
              .isEmpty();
        }
      }
    }
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(" " + temp + "/");
  }

  private static void drain(Process process) {
    try {
      process.getErrorStream().transferTo(OutputStream.nullOutputStream());
    } catch (java.io.IOException ended) {
      // killed
    }
  }

  private String id() throws Exception {
    var newest = cli.run(project, "runs", "--json").orFail().out().lines().findFirst();
    return JsonMapper.shared().readTree(newest.orElseThrow()).path("run").asString();
  }
}
