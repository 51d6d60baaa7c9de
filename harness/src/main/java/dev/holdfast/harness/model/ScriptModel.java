package dev.holdfast.harness.model;

import dev.holdfast.harness.model.Script.Expectation;
import dev.holdfast.tool.ToolCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Replays a script. It has no memory: which answer comes next follows from the request's turn, so
 * that a run that was killed goes on with the right one.
 */
final class ScriptModel implements Model {
  private static final Pattern PIECE = Pattern.compile("\\S+\\s*|\\s+");

  private final ModelName name;
  private final ModelFacts facts;
  private final Script script;

  ScriptModel(ModelName name, ModelFacts facts) {
    this.name = name;
    this.facts = facts;
    this.script = Script.read(Path.of(name.id()));
  }

  @Override
  public ModelName name() {
    return name;
  }

  @Override
  public ModelFacts facts() {
    return facts;
  }

  @Override
  public ModelAnswer ask(ModelRequest request, Consumer<String> onText)
      throws InterruptedException {
    if (request.turn() > script.turns().size()) {
      throw rejected(
          "the script has %d turns, and turn `%d` was asked for"
              .formatted(script.turns().size(), request.turn()));
    }
    var turn = script.turns().get(request.turn() - 1);
    Thread.sleep(Duration.ofMillis(turn.delayMillis()));
    if (turn.fail() != null) {
      fail(turn.fail(), request.attempt());
    }
    check(turn.expect(), request);
    var text = turn.text() == null ? "" : turn.text();
    PIECE.matcher(text).results().forEach(piece -> onText.accept(piece.group()));
    return new ModelAnswer(message(turn, text, request), usage(turn));
  }

  private static Message.Assistant message(Script.Turn turn, String text, ModelRequest request) {
    var calls = new ArrayList<ToolCall>();
    for (var call : turn.calls()) {
      calls.add(new ToolCall(request.callIds().apply(calls.size()), call.tool(), call.given()));
    }
    var end = calls.isEmpty() ? Message.Finish.END : Message.Finish.TOOL_CALLS;
    return new Message.Assistant(
        text, calls, turn.end() == null ? end : turn.end(), Optional.empty());
  }

  private static ModelAnswer.Usage usage(Script.Turn turn) {
    var usage = turn.usage();
    return usage == null
        ? ModelAnswer.Usage.NONE
        : new ModelAnswer.Usage(usage.input(), usage.cached(), 0, usage.output());
  }

  private static void check(List<Expectation> expectations, ModelRequest request) {
    var said = said(request.messages());
    for (var expected : expectations) {
      var where = expected.result() == null ? said : at(said, expected.result(), request.turn());
      if (where.stream().noneMatch(text -> holds(expected, text))) {
        throw rejected(
            "turn %d of the script expects %s, but the conversation says `%s`"
                .formatted(request.turn(), expected, clip(String.join("\n", where))));
      }
    }
  }

  /**
   * All that was said since the model's last answer: first the results, in order, then the rest.
   */
  private static List<String> said(List<Message> messages) {
    var said = new ArrayList<String>();
    for (var message : messages) {
      switch (message) {
        case Message.Assistant _ -> said.clear();
        case Message.Instructions(String text) -> said.add(text);
        case Message.User(String text) -> said.add(text);
        case Message.ToolResults(var results) -> results.forEach(result -> said.add(result.text()));
      }
    }
    return said;
  }

  private static List<String> at(List<String> said, int index, int turn) {
    if (index < 0 || index >= said.size()) {
      throw rejected(
          "turn %d of the script expects result `%d`, but there are %d"
              .formatted(turn, index, said.size()));
    }
    return List.of(said.get(index));
  }

  private static boolean holds(Expectation expected, String text) {
    return (expected.contains() == null || text.contains(expected.contains()))
        && (expected.matches() == null
            || Pattern.compile(expected.matches(), Pattern.DOTALL).matcher(text).find());
  }

  private static String clip(String text) {
    return text.length() <= 2000 ? text : text.substring(0, 2000) + "…";
  }

  private static void fail(Script.Failure failure, int attempt) {
    if (failure.attempts() > 0 && attempt > failure.attempts()) {
      return;
    }
    var words = failure.as().words();
    var wait = Optional.ofNullable(failure.retryAfterMillis()).map(Duration::ofMillis);
    throw new ModelException(
        switch (failure.as()) {
          case RATE_LIMITED -> new ModelFailure.RateLimited(words, wait);
          case OVERLOADED -> new ModelFailure.Overloaded(words, wait);
          case UNAVAILABLE -> new ModelFailure.Unavailable(words);
          case REJECTED -> new ModelFailure.Rejected(words);
          case UNAUTHORIZED -> new ModelFailure.Unauthorized(words);
          case CONTEXT_TOO_LONG -> new ModelFailure.ContextTooLong(words);
          case REFUSED -> new ModelFailure.Refused(words);
        });
  }

  private static ModelException rejected(String message) {
    return new ModelException(new ModelFailure.Rejected(message));
  }
}
