package dev.holdfast.harness.model;

import com.google.genai.Client;
import com.google.genai.errors.ApiException;
import com.google.genai.types.Candidate;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.GenerateContentResponseUsageMetadata;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.Part;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.json.JsonMapper;

/** Gemini's generateContent through Google's official library. */
final class GeminiModel extends ProviderModel {
  private final Client client;

  GeminiModel(ModelName name, ModelFacts facts, Connection connection) {
    super(name, facts, connection);
    var options =
        HttpOptions.builder()
            .timeout((int) Patience.SILENCE.toMillis())
            .retryOptions(HttpRetryOptions.builder().attempts(1).build());
    if (!connection.url().isEmpty()) {
      options.baseUrl(connection.url());
    }
    this.client =
        Client.builder()
            .apiKey(connection.key())
            .vertexAI(false)
            .httpOptions(options.build())
            .build();
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  ModelAnswer stream(ModelRequest request, Draft draft) {
    List<Content> contents =
        StreamSupport.stream(GeminiWire.contents(request, name).spliterator(), false)
            .map(content -> Content.fromJson(content.toString()))
            .toList();
    var config = GenerateContentConfig.fromJson(GeminiWire.config(request).toString());
    try (var stream = client.models.generateContentStream(name.id(), contents, config)) {
      stream.forEach(piece -> piece(piece, draft));
    }
    if (draft.empty()) {
      throw new ModelException(new ModelFailure.Unavailable("the answer is empty"));
    }
    return draft.answer();
  }

  private static void piece(GenerateContentResponse piece, Draft draft) {
    piece
        .promptFeedback()
        .flatMap(feedback -> feedback.blockReason())
        .ifPresent(
            reason -> {
              throw refused("the provider blocks the prompt: " + reason);
            });
    piece.usageMetadata().ifPresent(usage -> draft.usage(usage(usage)));
    for (var candidate : piece.candidates().orElse(List.of())) {
      candidate
          .content()
          .flatMap(Content::parts)
          .orElse(List.of())
          .forEach(part -> part(part, draft));
      finish(candidate, draft);
    }
  }

  private static void part(Part part, Draft draft) {
    part.thoughtSignature()
        .ifPresent(
            signature ->
                draft.opaque(
                    Replay.object()
                        .put(GeminiWire.SIGNATURE, Base64.getEncoder().encodeToString(signature))));
    if (!part.thought().orElse(false)) {
      part.text().ifPresent(draft::text);
    }
    part.functionCall().ifPresent(call -> call(call, draft));
  }

  private static void call(FunctionCall call, Draft draft) {
    long key = draft.calls();
    draft.call(key, call.name().orElse(""));
    draft.input(key, JsonMapper.shared().writeValueAsString(call.args().orElse(Map.of())));
  }

  private static void finish(Candidate candidate, Draft draft) {
    var reason = candidate.finishReason().map(Object::toString).orElse("");
    switch (reason) {
      case "" -> {}
      case "STOP" -> draft.finish(Message.Finish.END);
      case "MAX_TOKENS" -> draft.finish(Message.Finish.LENGTH);
      case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE" ->
          throw refused("the provider cut the answer: " + reason);
      default ->
          throw new ModelException(
              new ModelFailure.Unavailable("the answer cannot be used: " + reason));
    }
  }

  private static ModelException refused(String why) {
    return new ModelException(new ModelFailure.Refused(why));
  }

  private static ModelAnswer.Usage usage(GenerateContentResponseUsageMetadata usage) {
    long cached = usage.cachedContentTokenCount().orElse(0);
    long prompt =
        usage.promptTokenCount().orElse(0) + usage.toolUsePromptTokenCount().orElse(0) - cached;
    return new ModelAnswer.Usage(
        prompt,
        cached,
        0,
        (long) usage.candidatesTokenCount().orElse(0) + usage.thoughtsTokenCount().orElse(0));
  }

  @Override
  ModelFailure failure(RuntimeException e) {
    return e instanceof ApiException answer
        ? failures.of(answer.code(), answer.status() + " " + answer.message(), Optional.empty())
        : failures.unavailable(e);
  }
}
