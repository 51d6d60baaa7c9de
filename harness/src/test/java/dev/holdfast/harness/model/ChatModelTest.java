package dev.holdfast.harness.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatModelTest extends ProviderContract {
  private static final String START =
      chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null")
          + chunk("{\"content\":\"Hel\"}", "null");

  private static final String CALLS =
      chunk("{\"content\":\"lo\"}", "null")
          + chunk(
              "{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"\"}}]}",
              "null")
          + chunk(
              "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"at\\\":\"}}]}",
              "null")
          + chunk(
              "{\"tool_calls\":[{\"index\":1,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"change\",\"arguments\":\"{\\\"at\\\":\\\"b\\\"}\"}}]}",
              "null")
          + chunk(
              "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"a\\\"}\"}}]}",
              "null");

  private static final String USAGE =
      """
      data: {"id":"chat_1","object":"chat.completion.chunk","created":1,"model":"local","choices":[],"usage":{"prompt_tokens":120,"completion_tokens":30,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":20}}}

      data: [DONE]

      """;

  private static String chunk(String delta, String finish) {
    return """
    data: {"id":"chat_1","object":"chat.completion.chunk","created":1,"model":"local","choices":[{"index":0,"delta":%s,"finish_reason":%s}]}

    """
        .formatted(delta, finish);
  }

  private static String end(String reason) {
    return chunk("{}", "\"" + reason + "\"") + USAGE;
  }

  @Override
  String name() {
    return "openai-chat:local";
  }

  @Override
  Map<String, String> environment(String url) {
    return Map.of("OPENAI_API_KEY", KEY, "OPENAI_BASE_URL", url);
  }

  @Override
  String answer() {
    return START + CALLS + end("tool_calls");
  }

  @Override
  String cutOff() {
    return START + end("length");
  }

  @Override
  String refusal() {
    return START + end("content_filter");
  }

  @Override
  String beginning() {
    return START;
  }

  @Override
  String error(String message) {
    return "{\"error\":{\"message\":\"%s\",\"type\":\"some_error\",\"code\":\"some\"}}"
        .formatted(message);
  }

  @Override
  String tooLong() {
    return "This model's maximum context length is 8192 tokens.";
  }

  @Test
  void aServerWithoutKeysAndWithoutCallNumbersWorks() throws InterruptedException {
    var calls =
        chunk(
            "{\"tool_calls\":[{\"function\":{\"name\":\"look\",\"arguments\":\"{}\"}},{\"function\":{\"name\":\"change\",\"arguments\":\"not json\"}}]}",
            "null");
    try (var provider = new FakeProvider(FakeProvider.stream(calls + end("stop")));
        var model =
            new Models(ModelCatalog.load(home), Map.of("OPENAI_BASE_URL", provider.url()))
                .open(name())) {
      var answer = model.ask(request(plain()), _ -> {}).message();

      assertThat(answer.finish()).isEqualTo(Message.Finish.TOOL_CALLS);
      assertThat(answer.calls()).extracting(call -> call.tool()).containsExactly("look", "change");
      assertThat(answer.calls().get(1).input().asString()).isEqualTo("not json");
    }
  }

  @Test
  void theKeyIsInItsHeader() throws InterruptedException {
    try (var provider = new FakeProvider(FakeProvider.stream(answer()))) {
      ask(provider, request(plain()), new ArrayList<>());

      assertThat(provider.seen().getFirst().path()).isEqualTo("/chat/completions");
      assertThat(provider.seen().getFirst().header("authorization")).isEqualTo("Bearer " + KEY);
    }
  }
}
