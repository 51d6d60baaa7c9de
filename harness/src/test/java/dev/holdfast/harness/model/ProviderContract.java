package dev.holdfast.harness.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.tool.CallId;
import dev.holdfast.tool.Effect;
import dev.holdfast.tool.ToolCall;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.tool.ToolLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What every provider's model does, against a provider on this machine that speaks its format. */
abstract class ProviderContract {
  static final String KEY = "key-that-must-stay-secret";
  static final JsonMapper JSON = JsonMapper.shared();

  @TempDir Path home;

  /** The model's full name. */
  abstract String name();

  /** The environment that leads to {@code url}. */
  abstract Map<String, String> environment(String url);

  /**
   * A stream with the text pieces {@code Hel}, {@code lo}, two calls {@code look {"at":"a"}} and
   * {@code change {"at":"b"}}, and a usage of 100 new, 20 cached and 30 output tokens; with state
   * of the provider's own before the first call.
   */
  abstract String answer();

  /** A stream whose text was cut off by the output limit. */
  abstract String cutOff();

  /** A stream that ends because the provider refuses. */
  abstract String refusal();

  /** The beginning of {@link #answer()}, up to the text. */
  abstract String beginning();

  /** The body of an error answer with this message, and when to try again. */
  abstract String error(String message);

  /** A message that says that the prompt is too long, as this provider words it. */
  abstract String tooLong();

  Model open(String url) {
    return new Models(ModelCatalog.load(home), environment(url)).open(name());
  }

  ModelAnswer ask(FakeProvider provider, ModelRequest request, List<String> pieces)
      throws InterruptedException {
    try (var model = open(provider.url())) {
      return model.ask(request, pieces::add);
    }
  }

  ModelFailure failure(FakeProvider.Reply reply) {
    try (var provider = new FakeProvider(reply)) {
      var thrown =
          catchThrowableOfType(
              ModelException.class, () -> ask(provider, request(plain()), new ArrayList<>()));
      assertThat(thrown).as("the model must fail").isNotNull();
      assertThat(provider.seen()).as("asked once, without hidden retries").hasSize(1);
      assertThat(thrown.failure().message()).doesNotContain(KEY).doesNotContain("\n");
      return thrown.failure();
    }
  }

  static List<Message> plain() {
    return List.of(new Message.Instructions("Be brief."), new Message.User("Hello?"));
  }

  static ModelRequest request(List<Message> messages) {
    var schema =
        "{\"type\":\"object\",\"properties\":{\"at\":{\"type\":\"string\"}},\"required\":[\"at\"]}";
    var look =
        new ToolDefinition(
            "look",
            "1.0.0",
            "Looks at a place.",
            JSON.readTree(schema),
            JSON.readTree("{\"type\":\"string\"}"),
            List.of(),
            Set.of(Effect.READ),
            true,
            true,
            "the test",
            ToolLimits.DEFAULT,
            List.of());
    return new ModelRequest(1, 1, messages, List.of(look), 4000, index -> new CallId("c-" + index));
  }

  /** A conversation with everything in it. */
  List<Message> rich() {
    var calls =
        List.of(
            new ToolCall(new CallId("c-10"), "look", JSON.readTree("{\"at\":\"a\"}")),
            new ToolCall(new CallId("c-11"), "rm -rf", JSON.readTree("\"not an object\"")));
    return List.of(
        new Message.Instructions("Be brief."),
        new Message.User("Fix it."),
        new Message.Assistant("I look.", calls, Message.Finish.TOOL_CALLS, Optional.empty()),
        new Message.ToolResults(
            List.of(
                new Message.ToolResult(new CallId("c-10"), "look", "seen", false),
                new Message.ToolResult(new CallId("c-11"), "rm -rf", "UNKNOWN_TOOL: no", true))),
        new Message.User("You may only look."),
        new Message.Assistant("", List.of(), Message.Finish.END, Optional.empty()),
        new Message.User("Go on."));
  }

  @Test
  void anAnswerIsStreamedAndReadWhole() throws InterruptedException {
    try (var provider = new FakeProvider(FakeProvider.stream(answer()))) {
      var pieces = new ArrayList<String>();
      var answer = ask(provider, request(plain()), pieces);

      assertThat(pieces).containsExactly("Hel", "lo");
      assertThat(answer.message().text()).isEqualTo("Hello");
      assertThat(answer.message().finish()).isEqualTo(Message.Finish.TOOL_CALLS);
      assertThat(answer.message().calls())
          .containsExactly(
              new ToolCall(new CallId("c-0"), "look", JSON.readTree("{\"at\":\"a\"}")),
              new ToolCall(new CallId("c-1"), "change", JSON.readTree("{\"at\":\"b\"}")));
      assertThat(answer.usage().input()).isEqualTo(100);
      assertThat(answer.usage().cached()).isEqualTo(20);
      assertThat(answer.usage().output()).isEqualTo(30);
    }
  }

  @Test
  void anAnswerSurvivesStorage() throws InterruptedException {
    try (var provider = new FakeProvider(FakeProvider.stream(answer()))) {
      var answer = ask(provider, request(plain()), new ArrayList<>()).message();

      assertThat(JSON.readValue(JSON.writeValueAsBytes(answer), Message.class)).isEqualTo(answer);
    }
  }

  @Test
  void theRequestIsExactlyTheWireFormat() throws InterruptedException, IOException {
    try (var provider = new FakeProvider(FakeProvider.stream(answer()))) {
      ask(provider, request(rich()), new ArrayList<>());

      assertThat(provider.seen().getFirst().body()).isEqualTo(golden());
    }
  }

  private JsonNode golden() throws IOException {
    var file = name().substring(0, name().indexOf(':')) + "-request.json";
    try (var in = getClass().getResourceAsStream(file)) {
      assertThat(in).as(file).isNotNull();
      return JSON.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void whatTheProviderWantsBackGoesBackToItAndToNoOther() throws InterruptedException {
    try (var provider = new FakeProvider(FakeProvider.stream(answer()))) {
      var said = ask(provider, request(plain()), new ArrayList<>()).message();
      var results =
          said.calls().stream()
              .map(call -> new Message.ToolResult(call.id(), call.tool(), "ok", false))
              .toList();
      var other =
          new Message.Assistant(
              said.text(),
              said.calls(),
              said.finish(),
              said.continuation().map(own -> new Message.Continuation("other:model", own.data())));
      for (var message : List.of(said, other)) {
        var messages = new ArrayList<>(plain());
        messages.add(message);
        messages.add(new Message.ToolResults(results));
        ask(provider, request(messages), new ArrayList<>());
      }
      assertThat(provider.seen().get(1).body().toString().contains("c3RhdGU="))
          .isEqualTo(said.continuation().isPresent());
      assertThat(provider.seen().get(2).body().toString()).doesNotContain("c3RhdGU=");
    }
  }

  @Test
  void anAnswerThatIsCutOffSaysSo() throws InterruptedException {
    try (var provider = new FakeProvider(FakeProvider.stream(cutOff()))) {
      assertThat(ask(provider, request(plain()), new ArrayList<>()).message().finish())
          .isEqualTo(Message.Finish.LENGTH);
    }
  }

  @Test
  void aRefusalIsARefusal() {
    assertThat(failure(FakeProvider.stream(refusal()))).isInstanceOf(ModelFailure.Refused.class);
  }

  @Test
  void tooManyRequestsSaysWhenToComeBack() {
    var reply =
        new FakeProvider.Reply.Whole(
            429,
            Map.of("content-type", "application/json", "retry-after", "7"),
            error("Slow down. Please retry in 7s."));

    assertThat(failure(reply))
        .isInstanceOf(ModelFailure.RateLimited.class)
        .extracting(ModelFailure::retryAfter)
        .isEqualTo(Optional.of(Duration.ofSeconds(7)));
  }

  @Test
  void aBusyProviderIsOverloaded() {
    assertThat(failure(FakeProvider.error(503, error("try later"))))
        .isInstanceOf(ModelFailure.Overloaded.class);
    assertThat(failure(FakeProvider.error(529, error("overloaded"))))
        .isInstanceOf(ModelFailure.Overloaded.class);
  }

  @Test
  void anInternalErrorIsAPassingFailure() {
    assertThat(failure(FakeProvider.error(500, error("oops"))))
        .isInstanceOf(ModelFailure.Unavailable.class);
    assertThat(failure(FakeProvider.error(502, "<html>bad gateway</html>")))
        .isInstanceOf(ModelFailure.Unavailable.class);
  }

  @Test
  void aWrongKeyIsUnauthorizedAndDoesNotAppearInTheMessage() {
    assertThat(failure(FakeProvider.error(401, error("wrong key: " + KEY))))
        .isInstanceOf(ModelFailure.Unauthorized.class);
  }

  @Test
  void aPromptThatIsTooLongIsToldFromOtherBadRequests() {
    assertThat(failure(FakeProvider.error(400, error(tooLong()))))
        .isInstanceOf(ModelFailure.ContextTooLong.class);
    assertThat(failure(FakeProvider.error(400, error("unknown field"))))
        .isInstanceOf(ModelFailure.Rejected.class);
    assertThat(failure(FakeProvider.error(404, error("no such model"))))
        .isInstanceOf(ModelFailure.Rejected.class);
  }

  @Test
  void aStreamThatBreaksIsNoAnswer() {
    assertThat(failure(new FakeProvider.Reply.Broken(beginning())))
        .isInstanceOf(ModelFailure.Unavailable.class);
  }

  @Test
  void aStreamThatEndsTooEarlyIsNoAnswer() {
    assertThat(failure(FakeProvider.stream(beginning())))
        .isInstanceOf(ModelFailure.Unavailable.class);
  }

  @Test
  void garbageIsNoAnswer() {
    for (var body :
        List.of(
            "",
            "data: {\n\n",
            "data: [1,2,3]\n\n",
            "data: \"text\"\n\n",
            "data: {\"type\":7,\"choices\":{},\"candidates\":[[]]}\n\n",
            "<html>captive portal</html>",
            "\u0000\u0001\u0002")) {
      assertThat(failure(FakeProvider.stream(body)))
          .as(body)
          .isInstanceOf(ModelFailure.Unavailable.class);
    }
  }

  @Test
  void nobodyThereIsUnavailable() {
    var url = gone();
    assertThatThrownBy(() -> open(url).ask(request(plain()), _ -> {}))
        .isInstanceOfSatisfying(
            ModelException.class,
            e -> assertThat(e.failure()).isInstanceOf(ModelFailure.Unavailable.class));
  }

  private static String gone() {
    try (var provider = new FakeProvider(FakeProvider.stream(""))) {
      return provider.url();
    }
  }

  @Test
  void anInterruptEndsTheWaitForASilentProvider() throws Exception {
    try (var provider = new FakeProvider(new FakeProvider.Reply.Silent(beginning()))) {
      var outcome = new CompletableFuture<Throwable>();
      var thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      ask(provider, request(plain()), new ArrayList<>());
                      outcome.complete(new AssertionError("there was an answer"));
                    } catch (InterruptedException | RuntimeException e) {
                      outcome.complete(e);
                    }
                  });
      assertThat(provider.asked.await(20, TimeUnit.SECONDS)).isTrue();
      thread.interrupt();

      assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void aMissingKeyIsNamed() {
    var variable =
        environment("").keySet().stream().filter(n -> n.endsWith("_KEY")).findFirst().orElseThrow();
    assertThatThrownBy(() -> new Models(ModelCatalog.load(home), Map.of()).open(name()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`" + variable + "`")
        .hasMessageContaining(name());
  }

  @Test
  void aKeyIsNotSentInTheClearToAnotherMachine() {
    assertThatThrownBy(() -> open("http://models.example"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https://");
  }
}
