package dev.holdfast.harness.model;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.ObjectMappers;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseOutputItemDoneEvent;
import com.openai.models.responses.ResponseReasoningItem;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseUsage;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** OpenAI's Responses API through its official library; nothing is stored at the provider. */
final class ResponsesModel extends ProviderModel {
  /** Models that reason give it back encrypted; the others refuse to be asked for it. */
  private static final Pattern REASONS = Pattern.compile("(o[1-9]|gpt-[5-9]|codex).*");

  private final OpenAIClient client;

  ResponsesModel(ModelName name, ModelFacts facts, Connection connection) {
    super(name, facts, connection);
    this.client = OpenAi.client(connection);
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  ModelAnswer stream(ModelRequest request, Draft draft) {
    try (var response = client.responses().createStreaming(params(request))) {
      response.stream().forEach(event -> event(event, draft));
      return draft.answer();
    }
  }

  @Override
  ModelFailure failure(RuntimeException thrown) {
    return OpenAi.failure(failures, thrown);
  }

  // The library's documented way to give a field as plain JSON: a JsonValue is every kind of field.
  @SuppressWarnings("unchecked")
  private ResponseCreateParams params(ModelRequest request) {
    var params =
        ResponseCreateParams.builder()
            .model(name.id())
            .instructions(ResponsesWire.instructions(request.messages()))
            .input(JsonValue.from(Replay.plain(ResponsesWire.input(request, name))))
            .maxOutputTokens(request.maxOutputTokens())
            .store(false);
    if (REASONS.matcher(name.id()).matches()) {
      params.addInclude(ResponseIncludable.REASONING_ENCRYPTED_CONTENT);
    }
    if (!request.tools().isEmpty()) {
      params
          .parallelToolCalls(true)
          .tools(JsonValue.from(Replay.plain(ResponsesWire.tools(request))));
    }
    return params.build();
  }

  private void event(ResponseStreamEvent event, Draft draft) {
    event.outputTextDelta().ifPresent(delta -> draft.text(delta.delta()));
    event.outputItemDone().ifPresent(done -> item(done, draft));
    event
        .refusalDone()
        .ifPresent(
            refusal -> {
              throw new ModelException(
                  new ModelFailure.Refused(failures.message(refusal.refusal())));
            });
    event.completed().ifPresent(done -> end(done.response(), Message.Finish.END, draft));
    event.incomplete().ifPresent(cut -> incomplete(cut.response(), draft));
    event.failed().ifPresent(failed -> failed(failed.response()));
    event
        .error()
        .ifPresent(
            error -> {
              throw failure(error.code().orElse("") + " " + error.message());
            });
  }

  private static void item(ResponseOutputItemDoneEvent done, Draft draft) {
    done.item()
        .functionCall()
        .ifPresent(
            call -> {
              draft.call(done.outputIndex(), call.name());
              draft.input(done.outputIndex(), call.arguments());
            });
    done.item().reasoning().ifPresent(reasoning -> reasoning(reasoning, draft));
  }

  /** Without its encrypted form, reasoning that the provider did not store cannot be given back. */
  private static void reasoning(ResponseReasoningItem item, Draft draft) {
    if (item.encryptedContent().isPresent()) {
      var json = ObjectMappers.jsonMapper().valueToTree(item).toString();
      draft.opaque(JsonMapper.shared().readTree(json));
    }
  }

  private static void incomplete(Response response, Draft draft) {
    var why =
        response
            .incompleteDetails()
            .flatMap(Response.IncompleteDetails::reason)
            .map(reason -> reason.asString())
            .orElse("");
    if (why.equals("content_filter")) {
      throw new ModelException(new ModelFailure.Refused("the provider's filter cut the answer"));
    }
    end(response, Message.Finish.LENGTH, draft);
  }

  private static void end(Response response, Message.Finish finish, Draft draft) {
    response.usage().ifPresent(usage -> draft.usage(usage(usage)));
    draft.finish(finish);
  }

  private static ModelAnswer.Usage usage(ResponseUsage usage) {
    long cached = usage._inputTokensDetails().asKnown().map(d -> d.cachedTokens()).orElse(0L);
    return new ModelAnswer.Usage(usage.inputTokens() - cached, cached, 0, usage.outputTokens());
  }

  private void failed(Response response) {
    throw failure(
        response
            .error()
            .map(error -> error.code().asString() + " " + error.message())
            .orElse("no reason given"));
  }

  private ModelException failure(String text) {
    return new ModelException(failures.of(200, text, java.util.Optional.empty()));
  }
}
