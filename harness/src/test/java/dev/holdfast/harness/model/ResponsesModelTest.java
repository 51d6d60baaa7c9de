package dev.holdfast.harness.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResponsesModelTest extends ProviderContract {
  private static final String START =
      """
      event: response.created
      data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","created_at":1,"status":"in_progress","model":"gpt-5-test","output":[],"parallel_tool_calls":true,"tools":[],"tool_choice":"auto"}}

      event: response.output_item.added
      data: {"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}

      event: response.output_text.delta
      data: {"type":"response.output_text.delta","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hel","logprobs":[]}

      """;

  private static final String REST =
      """
      event: response.output_text.delta
      data: {"type":"response.output_text.delta","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"lo","logprobs":[]}

      event: response.output_item.done
      data: {"type":"response.output_item.done","sequence_number":4,"output_index":1,"item":{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"c3RhdGU="}}

      event: response.function_call_arguments.delta
      data: {"type":"response.function_call_arguments.delta","sequence_number":5,"item_id":"fc_1","output_index":2,"delta":"{\\"at\\":"}

      event: response.output_item.done
      data: {"type":"response.output_item.done","sequence_number":6,"output_index":2,"item":{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_1","name":"look","arguments":"{\\"at\\":\\"a\\"}"}}

      event: response.output_item.done
      data: {"type":"response.output_item.done","sequence_number":7,"output_index":3,"item":{"id":"fc_2","type":"function_call","status":"completed","call_id":"call_1","name":"change","arguments":"{\\"at\\":\\"b\\"}"}}

      """;

  private static String end(String event, String status, String more) {
    return """
    event: response.%s
    data: {"type":"response.%s","sequence_number":8,"response":{"id":"resp_1","object":"response","created_at":1,"status":"%s","model":"gpt-5-test","output":[],"parallel_tool_calls":true,"tools":[],"tool_choice":"auto"%s,"usage":{"input_tokens":120,"input_tokens_details":{"cached_tokens":20},"output_tokens":30,"output_tokens_details":{"reasoning_tokens":5},"total_tokens":150}}}

    """
        .formatted(event, event, status, more);
  }

  @Override
  String name() {
    return "openai:gpt-5-test";
  }

  @Override
  Map<String, String> environment(String url) {
    return Map.of("OPENAI_API_KEY", KEY, "OPENAI_BASE_URL", url);
  }

  @Override
  String answer() {
    return START + REST + end("completed", "completed", "");
  }

  @Override
  String cutOff() {
    return START
        + end(
            "incomplete",
            "incomplete",
            ",\"incomplete_details\":{\"reason\":\"max_output_tokens\"}");
  }

  @Override
  String refusal() {
    return START
        + end(
            "incomplete", "incomplete", ",\"incomplete_details\":{\"reason\":\"content_filter\"}");
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
    return "Your input exceeds the context window of this model.";
  }

  @Test
  void aFailureInTheMiddleOfAStreamKeepsItsMeaning() {
    var failed =
        end(
            "failed",
            "failed",
            ",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"slow down\"}");

    assertThat(failure(FakeProvider.stream(START + failed)))
        .isInstanceOf(ModelFailure.RateLimited.class);
  }

  @Test
  void anAccountWithoutMoneyIsNotAskedAgain() {
    assertThat(failure(FakeProvider.error(429, error("insufficient_quota"))))
        .isInstanceOf(ModelFailure.Unauthorized.class);
  }

  @Test
  void theKeyIsInItsHeader() throws InterruptedException {
    try (var provider = new FakeProvider(FakeProvider.stream(answer()))) {
      ask(provider, request(plain()), new ArrayList<>());

      assertThat(provider.seen().getFirst().path()).isEqualTo("/responses");
      assertThat(provider.seen().getFirst().header("authorization")).isEqualTo("Bearer " + KEY);
    }
  }
}
