package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a person is told of files in a workbench. */
@Timeout(180)
class FileEventsTest extends WithServer {
  private static List<String> until(BufferedReader told, String mark) throws IOException {
    var all = new ArrayList<String>();
    for (var line = told.readLine(); line != null; line = told.readLine()) {
      all.add(line);
      if (line.contains(mark)) {
        return all;
      }
    }
    throw new AssertionError("it ended without `%s`: %s".formatted(mark, all));
  }

  private static BufferedReader out(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void awaitWatching(Process process) throws IOException {
    var line = new StringBuilder();
    for (int c = process.getErrorStream().read(); c != '\n'; c = process.getErrorStream().read()) {
      assertThat(c).as(line.toString()).isNotNegative();
      line.append((char) c);
    }
    assertThat(line).contains("watching");
  }

  @Test
  void eventsAreToldUntilCtrlCAndNamesDoNotActOnTheTerminal() throws Exception {
    var id = cli.run(temp, "workbench", "create").orFail().out().strip();
    var people = cli.start(temp, "workbench", "watch", id);
    var programs = cli.start(temp, "workbench", "watch", id, "/workspace", "--json");
    awaitWatching(people);
    awaitWatching(programs);
    var script =
        "mkdir d; echo 1 > d/f; mv d e; printf 'x' > \"$(printf '\\033[2J\\nremoved  all')\"; rm e/f; touch mark";
    cli.run(temp, "workbench", "exec", id, "--", "sh", "-c", script).orFail();

    var lines = until(out(people), "mark");
    assertThat(lines)
        .contains("created   d/", "renamed   d/ -> e/", "removed   e/f")
        .contains("created   \\u001b[2J\\u000aremoved  all")
        .noneMatch(line -> line.startsWith("removed  all") || line.contains("\033"));
    assertThat(until(out(programs), "mark"))
        .anyMatch(
            line ->
                line.contains("\"event\":\"renamed\"")
                    && line.contains("\"from\":\"d\"")
                    && line.contains("\"path\":\"e\"")
                    && line.contains("\"directory\":true"));

    new ProcessBuilder("kill", "-INT", Long.toString(people.pid())).start().waitFor();
    assertThat(people.waitFor()).isEqualTo(130);
    cli.run(temp, "workbench", "rm", id).orFail();
    assertThat(programs.waitFor()).isEqualTo(1);
    assertThat(cli.run(temp, "workbench", "watch", id).err()).contains("there is no workbench");
  }
}
