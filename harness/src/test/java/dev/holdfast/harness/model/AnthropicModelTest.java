package dev.holdfast.harness.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnthropicModelTest extends ProviderContract {
  private static final String START =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-test","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":100,"cache_read_input_tokens":20,"cache_creation_input_tokens":0,"output_tokens":1}}}

      event: ping
      data: {"type":"ping"}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hel"}}

      """;

  private static final String REST =
      """
      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lo"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: content_block_start
      data: {"type":"content_block_start","index":1,"content_block":{"type":"thinking","thinking":"","signature":""}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":1,"delta":{"type":"thinking_delta","thinking":"hm"}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":1,"delta":{"type":"signature_delta","signature":"c3RhdGU="}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":1}

      event: content_block_start
      data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"look","input":{}}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"at\\":"}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"\\"a\\"}"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":2}

      event: content_block_start
      data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_1","name":"change","input":{}}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\\"at\\":\\"b\\"}"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":3}

      """;

  private static String end(String reason) {
    return """
    event: message_delta
    data: {"type":"message_delta","delta":{"stop_reason":"%s","stop_sequence":null},"usage":{"output_tokens":30}}

    event: message_stop
    data: {"type":"message_stop"}

    """
        .formatted(reason);
  }

  @Override
  String name() {
    return "anthropic:claude-test";
  }

  @Override
  Map<String, String> environment(String url) {
    return Map.of("ANTHROPIC_API_KEY", KEY, "ANTHROPIC_BASE_URL", url);
  }

  @Override
  String answer() {
    return START + REST + end("tool_use");
  }

  @Override
  String cutOff() {
    return START + end("max_tokens");
  }

  @Override
  String refusal() {
    return START + end("refusal");
  }

  @Override
  String beginning() {
    return START;
  }

  @Override
  String error(String message) {
    return "{\"type\":\"error\",\"error\":{\"type\":\"some_error\",\"message\":\"%s\"}}"
        .formatted(message);
  }

  @Override
  String tooLong() {
    return "prompt is too long: 212345 tokens > 200000 maximum";
  }

  @Test
  void anErrorInTheMiddleOfAStreamKeepsItsMeaning() {
    assertThat(
            failure(
                FakeProvider.stream(
                    START
                        + "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")))
        .isInstanceOf(ModelFailure.Overloaded.class);
  }

  @Test
  void theKeyIsInItsHeader() throws InterruptedException {
    try (var provider = new FakeProvider(FakeProvider.stream(answer()))) {
      ask(provider, request(plain()), new ArrayList<>());

      assertThat(provider.seen().getFirst().path()).isEqualTo("/v1/messages");
      assertThat(provider.seen().getFirst().header("x-api-key")).isEqualTo(KEY);
      assertThat(provider.seen().getFirst().header("authorization")).isEmpty();
    }
  }
}
