package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code kill -9} at random moments of a run: nothing acknowledged is lost, no effect is done
 * twice, and nothing is left behind.
 */
class KillTest {
  /** How many kills; the property is for longer hunts. */
  private static final int KILLS = Integer.getInteger("holdfast.kills", 15);

  private static final int STEPS = 12;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path temp;

  @Test
  void aRunSurvivesKillsAtAnyMoment() throws Exception {
    long seed = Long.getLong("holdfast.seed", System.nanoTime());
    var random = new Random(seed);
    int kills = 0;
    for (int round = 0; kills < KILLS; round++) {
      kills += killedRun(round, random, seed);
    }
    assertThat(Leftovers.find(temp)).isEmpty();
  }

  /** One run, killed again and again until it gets through. Returns how often it was. */
  private int killedRun(int round, Random random, long seed) throws Exception {
    var project = temp.resolve("project" + round);
    Files.createDirectories(project);
    Files.writeString(project.resolve("readme"), "start\n");
    Cli.commitAll(project);
    var script = Files.writeString(temp.resolve("steps.yaml"), steps());
    var cli = new Cli(temp.resolve("home" + round));

    int kills = 0;
    var run = "";
    long acknowledged = 0;
    boolean through = false;
    while (!through && kills < 100) {
      var process =
          run.isEmpty()
              ? cli.start(
                  project, "run", "--json", "--task", "count", "--model", "script:" + script)
              : cli.start(project, "run", "--json", "--resume", run);
      process.getOutputStream().close();
      var seen = follow(process, random);
      run = run.isEmpty() ? seen.run() : run;
      acknowledged = Math.max(acknowledged, seen.seq());
      through = !seen.killed();
      kills += seen.killed() ? 1 : 0;
    }
    assertThat(run).as("seed %d", seed).isNotEmpty();
    cli.run(project, "audit", "verify", run).orFail();
    var trace = cli.run(project, "trace", "--json", run).orFail().out().lines().toList();
    assertThat(trace.size()).as("seed %d", seed).isGreaterThanOrEqualTo((int) acknowledged);
    assertThat(cli.run(project, "diff", run).orFail().out().lines())
        .as("seed %d", seed)
        .filteredOn(line -> line.startsWith("+step"))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, STEPS).mapToObj(i -> "+step " + i).toList());
    return kills;
  }

  private record Seen(String run, long seq, boolean killed) {}

  /** Reads events as they are acknowledged, and kills the process after a random number of them. */
  private static Seen follow(Process process, Random random)
      throws IOException, InterruptedException {
    var errors = Thread.ofVirtual().start(() -> drain(process));
    int patience = 1 + random.nextInt(14);
    var run = "";
    long seq = 0;
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while (patience > 0 && (line = lines.readLine()) != null) {
        JsonNode event = JSON.readTree(line);
        run = event.path("run").asString("");
        seq = event.path("seq").asLong(0);
        patience--;
      }
      Thread.sleep(random.nextInt(25));
      boolean alive = process.isAlive() && patience == 0;
      process.destroyForcibly();
      process.waitFor(10, TimeUnit.SECONDS);
      errors.join();
      return new Seen(run, seq, alive);
    }
  }

  private static void drain(Process process) {
    try {
      process.getErrorStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException ended) {
      // killed
    }
  }

  /** A script whose every turn has one effect that must not be repeated. */
  private static String steps() {
    var script = new StringBuilder("turns:\n");
    for (int i = 1; i <= STEPS; i++) {
      script.append(
          "  - calls: [{tool: shell, input: {script: 'echo step %d >> steps'}}]\n".formatted(i));
    }
    return script
        .append(
            "  - calls: [{tool: submit_change, input: {title: Count, description: Counted.}}]\n")
        .toString();
  }
}
