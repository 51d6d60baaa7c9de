package dev.holdfast.harness.model;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.LogLevel;
import com.anthropic.core.Timeout;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawContentBlockDelta;
import com.anthropic.models.messages.RawContentBlockStartEvent;
import com.anthropic.models.messages.RawMessageDeltaEvent;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Usage;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's Messages API through its official library. */
final class AnthropicModel extends ProviderModel {
  private final AnthropicClient client;

  AnthropicModel(ModelName name, ModelFacts facts, Connection connection) {
    super(name, facts, connection);
    var builder =
        AnthropicOkHttpClient.builder()
            .apiKey(connection.key())
            // Left alone, the library sends the key as a bearer token, which compatible servers and
            // proxies often do not take.
            .putHeader("x-api-key", connection.key())
            .maxRetries(0)
            .logLevel(LogLevel.OFF)
            .timeout(
                Timeout.builder()
                    .connect(Patience.CONNECT)
                    .read(Patience.SILENCE)
                    .request(Patience.ANSWER)
                    .build());
    if (!connection.url().isEmpty()) {
      builder.baseUrl(connection.url());
    }
    this.client = builder.build();
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  ModelAnswer stream(ModelRequest request, Draft draft) {
    try (var response = client.messages().createStreaming(params(request))) {
      var reader = new Reader(draft);
      response.stream().forEach(reader::event);
      return draft.answer();
    }
  }

  // The library's documented way to give a field as plain JSON: a JsonValue is every kind of field.
  @SuppressWarnings("unchecked")
  private MessageCreateParams params(ModelRequest request) {
    var params =
        MessageCreateParams.builder()
            .model(name.id())
            .maxTokens(request.maxOutputTokens())
            .system(JsonValue.from(Replay.plain(AnthropicWire.system(request.messages()))))
            .messages(JsonValue.from(Replay.plain(AnthropicWire.messages(request, name))));
    if (!request.tools().isEmpty()) {
      params.tools(JsonValue.from(Replay.plain(AnthropicWire.tools(request))));
    }
    return params.build();
  }

  @Override
  ModelFailure failure(RuntimeException e) {
    return e instanceof AnthropicServiceException answer
        ? failures.of(
            answer.statusCode(),
            String.valueOf(answer.body()),
            Failures.retryAfter(answer.headers().values("retry-after")))
        : failures.unavailable(e);
  }

  /** Reads the events of one stream. */
  private static final class Reader {
    private final Draft draft;

    /** Thinking whose signature is still to come, by block. */
    private final Map<Long, ObjectNode> thinking = new HashMap<>();

    Reader(Draft draft) {
      this.draft = draft;
    }

    void event(RawMessageStreamEvent event) {
      event.messageStart().ifPresent(start -> usage(start.message().usage()));
      event.contentBlockStart().ifPresent(this::begin);
      event.contentBlockDelta().ifPresent(delta -> delta(delta.index(), delta.delta()));
      event.contentBlockStop().ifPresent(stop -> end(stop.index()));
      event.messageDelta().ifPresent(this::stop);
    }

    private void usage(Usage usage) {
      draft.usage(
          new ModelAnswer.Usage(
              usage.inputTokens(),
              usage.cacheReadInputTokens().orElse(0L),
              usage.cacheCreationInputTokens().orElse(0L),
              usage.outputTokens()));
    }

    private void begin(RawContentBlockStartEvent start) {
      var block = start.contentBlock();
      block.text().ifPresent(text -> draft.text(text.text()));
      block.toolUse().ifPresent(call -> draft.call(start.index(), call.name()));
      block
          .thinking()
          .ifPresent(
              thought ->
                  thinking.put(
                      start.index(),
                      Replay.object()
                          .put("type", "thinking")
                          .put("thinking", thought.thinking())
                          .put("signature", thought.signature())));
      block
          .redactedThinking()
          .ifPresent(
              thought ->
                  draft.opaque(
                      Replay.object()
                          .put("type", "redacted_thinking")
                          .put("data", thought.data())));
    }

    private void delta(long index, RawContentBlockDelta delta) {
      delta.text().ifPresent(text -> draft.text(text.text()));
      delta.inputJson().ifPresent(input -> draft.input(index, input.partialJson()));
      delta.thinking().ifPresent(more -> extend(index, "thinking", more.thinking()));
      delta.signature().ifPresent(more -> extend(index, "signature", more.signature()));
    }

    private void extend(long index, String field, String more) {
      var thought = thinking.get(index);
      if (thought != null) {
        thought.put(field, thought.path(field).asString("") + more);
      }
    }

    private void end(long index) {
      var thought = thinking.remove(index);
      if (thought != null) {
        draft.opaque(thought);
      }
    }

    private void stop(RawMessageDeltaEvent delta) {
      var before = draft.usage();
      var usage = delta.usage();
      draft.usage(
          new ModelAnswer.Usage(
              usage.inputTokens().orElse(before.input()),
              usage.cacheReadInputTokens().orElse(before.cached()),
              usage.cacheCreationInputTokens().orElse(before.cacheWritten()),
              usage.outputTokens()));
      delta.delta().stopReason().ifPresent(reason -> draft.finish(finish(reason)));
    }

    private static Message.Finish finish(StopReason reason) {
      return switch (reason.asString()) {
        case "refusal" ->
            throw new ModelException(new ModelFailure.Refused("the model declines to answer"));
        case "max_tokens", "model_context_window_exceeded", "pause_turn" -> Message.Finish.LENGTH;
        case "tool_use" -> Message.Finish.TOOL_CALLS;
        default -> Message.Finish.END;
      };
    }
  }
}
