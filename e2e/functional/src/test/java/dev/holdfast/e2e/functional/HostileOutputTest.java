package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that writes terminal control sequences wherever a person may come to read them. */
class HostileOutputTest {
  private static final List<String> COMMANDS =
      List.of("show", "trace", "trace --json", "diff", "diff --json", "runs", "runs --json");

  /** Retitling, clearing, C1, the reversal of the writing direction; in YAML's own escapes. */
  private static final String EVIL = "\\e]0;owned\\a\\e[2J\\x9b31m\\u202e";

  private static final String SCRIPT =
      """
      turns:
        - text: "I will EVIL help"
          calls:
            - tool: shell
              input: {script: "printf 'EVIL\\n' | tee out readme; touch 'EVIL'; exit 3"}
            - {tool: "noEVILsuch", input: {x: "EVIL"}}
            - {tool: ask_person, input: {question: "may I EVIL?"}}
        - calls: [{tool: submit_change, input: {title: "T EVIL", description: "D EVIL"}}]
      """
          .replace("EVIL", EVIL);

  @TempDir Path temp;

  @Test
  void nothingOfItActsOnTheTerminal() throws Exception {
    var project = Files.createDirectories(temp.resolve("project"));
    Files.writeString(project.resolve("readme"), "start\n");
    Cli.commitAll(project);
    var script = Files.writeString(temp.resolve("script.yaml"), SCRIPT);
    var cli = new Cli(temp.resolve("home"), true);

    var ran =
        cli.run(project, "run", "--color=never", "--task", "help", "--model", "script:" + script);
    assertThat(ran.out()).contains("\\u001b]0;owned\\u0007").contains("submitted");
    assertHarmless("run", ran);

    for (var command : COMMANDS) {
      var said = cli.run(project, (command + " --color=never").split(" ", -1)).orFail();
      assertHarmless(command, said);
    }
    assertThat(cli.run(project, "diff", "--color=never").out()).contains("\\u009b31m\\u202e");
    assertHarmless("approve", cli.run(project, "approve", "--color=never"));
  }

  private static void assertHarmless(String command, Cli.Said said) {
    assertThat((said.out() + said.err()).codePoints().filter(c -> c != '\n' && c != '\t'))
        .as(command)
        .isNotEmpty()
        .noneMatch(Character::isISOControl)
        .noneMatch(c -> Character.getType(c) == Character.FORMAT);
  }
}
