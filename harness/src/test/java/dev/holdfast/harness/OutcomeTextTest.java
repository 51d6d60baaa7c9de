package dev.holdfast.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolError;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class OutcomeTextTest {
  private static final ToolError ERROR =
      new ToolError(ErrorCode.NOT_FOUND, "there is no `a`", "list the directory");

  @Test
  void anOutputIsItself() {
    var output = JsonMapper.shared().readTree("{\"n\":1}");
    assertThat(OutcomeText.of(new Outcome.Completed(output, false))).isEqualTo("{\"n\":1}");
    assertThat(OutcomeText.of(new Outcome.Completed(output, true))).contains("cut off");
    assertThat(OutcomeText.of(TestGate.says("text"))).isEqualTo("text");
  }

  @Test
  void anErrorHasItsCodeWhatWasWrongAndWhatToDoNext() {
    assertThat(OutcomeText.of(new Outcome.Failed(ERROR)))
        .isEqualTo("NOT_FOUND: there is no `a`\nnext: list the directory");
    assertThat(OutcomeText.of(new Outcome.Refused(ERROR))).startsWith("not tried: NOT_FOUND");
    assertThat(OutcomeText.of(new Outcome.Killed(ERROR, "half"))).endsWith("half");
    assertThat(OutcomeText.of(new Outcome.TimedOut(Duration.ofSeconds(9), "half")))
        .contains("`9` s")
        .endsWith("half");
  }
}
