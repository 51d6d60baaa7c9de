package dev.holdfast.harness.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GeminiModelTest extends ProviderContract {
  private static final String START = piece("{\"text\":\"Hel\"}", "");

  private static String piece(String parts, String more) {
    return """
    data: {"candidates":[{"content":{"role":"model","parts":[%s]}%s}],"usageMetadata":{"promptTokenCount":120,"cachedContentTokenCount":20,"candidatesTokenCount":25,"thoughtsTokenCount":5,"totalTokenCount":150},"modelVersion":"gemini-test"}

    """
        .formatted(parts, more);
  }

  private static String end(String parts, String reason) {
    return piece(parts, ",\"finishReason\":\"" + reason + "\"");
  }

  @Override
  String name() {
    return "gemini:gemini-test";
  }

  @Override
  Map<String, String> environment(String url) {
    return Map.of("GEMINI_API_KEY", KEY, "GOOGLE_GEMINI_BASE_URL", url);
  }

  @Override
  String answer() {
    return START
        + piece("{\"text\":\"hidden\",\"thought\":true},{\"text\":\"lo\"}", "")
        + end(
            "{\"functionCall\":{\"name\":\"look\",\"args\":{\"at\":\"a\"}},\"thoughtSignature\":\"c3RhdGU=\"},"
                + "{\"functionCall\":{\"name\":\"change\",\"args\":{\"at\":\"b\"}}}",
            "STOP");
  }

  @Override
  String cutOff() {
    return START + end("{\"text\":\"l\"}", "MAX_TOKENS");
  }

  @Override
  String refusal() {
    return START + end("", "SAFETY");
  }

  @Override
  String beginning() {
    return START;
  }

  @Override
  String error(String message) {
    return "{\"error\":{\"code\":0,\"message\":\"%s\",\"status\":\"SOME\"}}".formatted(message);
  }

  @Override
  String tooLong() {
    return "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).";
  }

  @Test
  void anEmptyAnswerIsNoAnswer() {
    assertThat(failure(FakeProvider.stream(end("", "STOP"))))
        .isInstanceOf(ModelFailure.Unavailable.class);
  }

  @Test
  void aBlockedPromptIsARefusal() {
    assertThat(
            failure(
                FakeProvider.stream("data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}\n\n")))
        .isInstanceOf(ModelFailure.Refused.class);
  }

  @Test
  void theKeyIsInItsHeader() throws InterruptedException {
    try (var provider = new FakeProvider(FakeProvider.stream(answer()))) {
      ask(provider, request(plain()), new ArrayList<>());

      assertThat(provider.seen().getFirst().path())
          .contains("gemini-test:streamGenerateContent")
          .doesNotContain(KEY);
      assertThat(provider.seen().getFirst().header("x-goog-api-key")).isEqualTo(KEY);
    }
  }
}
