package dev.holdfast.harness.model;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionChunk.Choice.Delta.ToolCall;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionUsage;
import java.util.List;
import java.util.Map;

/** OpenAI's Chat Completions through its official library, for any server that speaks them. */
final class ChatModel extends ProviderModel {
  private final OpenAIClient client;
  private final boolean elsewhere;

  ChatModel(ModelName name, ModelFacts facts, Connection connection) {
    super(name, facts, connection);
    this.client = OpenAi.client(connection);
    this.elsewhere = !connection.url().isEmpty();
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  ModelAnswer stream(ModelRequest request, Draft draft) {
    try (var response = client.chat().completions().createStreaming(params(request))) {
      response.stream().forEach(chunk -> chunk(chunk, draft));
      return draft.answer();
    }
  }

  @Override
  ModelFailure failure(RuntimeException thrown) {
    return OpenAi.failure(failures, thrown);
  }

  // The library's documented way to give a field as plain JSON: a JsonValue is every kind of field.
  @SuppressWarnings("unchecked")
  private ChatCompletionCreateParams params(ModelRequest request) {
    var params =
        ChatCompletionCreateParams.builder()
            .model(name.id())
            .messages(JsonValue.from(Replay.plain(ChatWire.messages(request, name))))
            .streamOptions(JsonValue.from(Map.of("include_usage", true)))
            // OpenAI's own newer models know the new name only, many other servers the old one.
            .putAdditionalBodyProperty(
                elsewhere ? "max_tokens" : "max_completion_tokens",
                JsonValue.from(request.maxOutputTokens()));
    if (!request.tools().isEmpty()) {
      params.tools(JsonValue.from(Replay.plain(ChatWire.tools(request))));
    }
    return params.build();
  }

  private void chunk(ChatCompletionChunk chunk, Draft draft) {
    chunk.usage().ifPresent(usage -> draft.usage(usage(usage)));
    for (var choice : chunk._choices().asKnown().orElse(List.of())) {
      choice._delta().asKnown().ifPresent(delta -> delta(delta, draft));
      choice.finishReason().ifPresent(reason -> draft.finish(finish(reason.asString())));
    }
  }

  private void delta(ChatCompletionChunk.Choice.Delta delta, Draft draft) {
    delta.content().ifPresent(draft::text);
    delta.toolCalls().ifPresent(calls -> calls.forEach(call -> call(call, draft)));
    delta
        .refusal()
        .filter(text -> !text.isEmpty())
        .ifPresent(
            text -> {
              throw new ModelException(new ModelFailure.Refused(failures.message(text)));
            });
  }

  /** Servers that do not number their calls send each one whole. */
  private static void call(ToolCall call, Draft draft) {
    long key = call._index().asKnown().orElse((long) draft.calls());
    var function = call.function();
    if (!draft.began(key)) {
      draft.call(key, function.flatMap(ToolCall.Function::name).orElse(""));
    }
    function.flatMap(ToolCall.Function::arguments).ifPresent(piece -> draft.input(key, piece));
  }

  private static Message.Finish finish(String reason) {
    return switch (reason) {
      case "content_filter" ->
          throw new ModelException(
              new ModelFailure.Refused("the provider's filter cut the answer"));
      case "length" -> Message.Finish.LENGTH;
      case "tool_calls" -> Message.Finish.TOOL_CALLS;
      default -> Message.Finish.END;
    };
  }

  private static ModelAnswer.Usage usage(CompletionUsage usage) {
    long cached =
        usage
            .promptTokensDetails()
            .flatMap(CompletionUsage.PromptTokensDetails::cachedTokens)
            .orElse(0L);
    return new ModelAnswer.Usage(
        usage.promptTokens() - cached, cached, 0, usage.completionTokens());
  }
}
