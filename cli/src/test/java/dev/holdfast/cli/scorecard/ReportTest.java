package dev.holdfast.cli.scorecard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.scorecard.Attack;
import dev.holdfast.scorecard.Attacks;
import dev.holdfast.scorecard.Score;
import dev.holdfast.scorecard.Scorecard;
import dev.holdfast.scorecard.Verdict;
import dev.holdfast.workbench.Layer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said of attacks that got out, and of those of which nobody knows. */
class ReportTest {
  private static final Attack ATTACK = Attacks.named("mounts");
  private static final Verdict.Held HELD =
      new Verdict.Held(List.of(new Verdict.Attempt("bind", "EPERM")));
  private static final Verdict.Broken BROKEN =
      new Verdict.Broken(List.of("bind: returned 0 | \u001b[2J"));
  private static final Verdict.Unclear UNCLEAR = new Verdict.Unclear(List.of("bind\tEFAULT"));

  private static Scorecard card(Verdict... verdicts) {
    var layers = List.of(Layer.CONTAINER, Layer.GVISOR, Layer.MICROVM);
    var scores = new java.util.ArrayList<Score>();
    for (var i = 0; i < verdicts.length; i++) {
      scores.add(new Score.Attacked(layers.get(i), Map.of(ATTACK, verdicts[i])));
    }
    return new Scorecard(List.of(ATTACK), scores);
  }

  private static String printed(Scorecard card) {
    var out = new ByteArrayOutputStream();
    var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    new Report(new Terminal(stream, stream, false, false, false, false), 1).print(card);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theExitCodeIsThatOfTheWorst() {
    assertThat(ScorecardCommand.code(card(HELD, HELD))).isEqualTo(ExitCode.OK);
    assertThat(ScorecardCommand.code(card(HELD, UNCLEAR))).isEqualTo(ExitCode.FAILED);
    assertThat(ScorecardCommand.code(card(UNCLEAR, BROKEN, HELD))).isEqualTo(ExitCode.ESCAPED);
    var nothing =
        new Scorecard(List.of(ATTACK), List.of(new Score.NotHere(Layer.PODMAN, "missing")));
    assertThat(ScorecardCommand.code(nothing)).isEqualTo(ExitCode.UNAVAILABLE);
  }

  @Test
  void whatGotOutIsShownWithItsEvidenceWhichDoesNotActOnTheTerminal() {
    assertThat(printed(card(HELD, BROKEN, UNCLEAR)).lines())
        .containsExactly(
            "attack                      container     gvisor        microvm",
            "mounts                      contained     SUCCEEDED     unknown       ",
            "gvisor, mounts: bind: returned 0 | \\u001b[2J",
            "microvm, mounts: bind\tEFAULT");
  }

  @Test
  void thePageHasItToo() {
    var page = Page.of(card(HELD, BROKEN), Map.of("kernel", "6.1"), LocalDate.EPOCH);
    assertThat(page)
        .contains("| [mounts](#mounts) | contained | SUCCEEDED |")
        .contains("| **contained** | 1 of 1 | 0 of 1 |")
        .contains("- `mounts` on `gvisor`: bind: returned 0 \\| ")
        .contains("| kernel | 6.1 |")
        .contains("### mounts\n\n- tries: mounts, binds");
  }
}
