package dev.holdfast.harness.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DraftTest {
  private final Draft draft =
      new Draft(
          ProviderContract.request(ProviderContract.plain()),
          ModelName.parse("openai:gpt-5"),
          _ -> {});

  @Test
  void aProviderThatNeverStopsIsStopped() {
    var piece = "x".repeat(1 << 20);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                draft.text(piece);
              }
            })
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("longer than");
  }

  @Test
  void tooManyCallsAreStopped() {
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1000; i++) {
                draft.call(i, "look");
              }
            })
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("more than 128 calls");
  }

  @Test
  void anInputWithoutItsCallIsRefused() {
    assertThatThrownBy(() -> draft.input(3, "{}")).isInstanceOf(ModelException.class);
  }

  @Test
  void halfCharactersAreReplaced() {
    draft.text("a\uD83D");
    draft.call(0, "lo\uDE00ok");
    draft.input(0, "{\"at\":\"\uD83D\"}");
    draft.finish(Message.Finish.END);
    var message = draft.answer().message();

    assertThat(message.text()).isEqualTo("a\uFFFD");
    assertThat(message.calls().getFirst().tool()).isEqualTo("lo\uFFFDok");
    assertThat(ProviderContract.JSON.writeValueAsString(message)).contains("\uFFFD");
  }

  @Test
  void whateverAnInputIsItCanBeStored() {
    var inputs =
        List.of(
            "{\"at\":\"\\ud83d\"}",
            "{\"at\":1e999}",
            "{\"at\":" + "9".repeat(900) + "}",
            "{\"at\":-0.0}",
            "[".repeat(480) + "]".repeat(480),
            "[".repeat(100_000),
            "{\"a\":1,\"a\":2}",
            "null",
            "{} {}",
            "\u0000");
    for (var input : inputs) {
      draft.call(draft.calls(), "look".repeat(1000));
      draft.input(draft.calls() - 1, input);
    }
    draft.finish(Message.Finish.END);
    var message = draft.answer().message();

    assertThat(message.calls()).hasSize(inputs.size());
    assertThat(
            ProviderContract.JSON.readValue(
                ProviderContract.JSON.writeValueAsBytes(message), Message.class))
        .isEqualTo(message);
  }

  @Test
  void anInputThatIsCutOffStaysText() {
    draft.call(0, "look");
    draft.input(0, "{\"at\":\"a");
    draft.finish(Message.Finish.LENGTH);
    var message = draft.answer().message();

    assertThat(message.finish()).isEqualTo(Message.Finish.LENGTH);
    assertThat(message.calls().getFirst().input().asString()).isEqualTo("{\"at\":\"a");
  }
}
