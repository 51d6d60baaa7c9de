package dev.holdfast.harness.model;

import dev.holdfast.harness.model.Message.Continuation;
import dev.holdfast.harness.model.Message.Finish;
import dev.holdfast.tool.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * An answer while it is streamed. It is bounded, whatever the provider sends, and it only becomes
 * an answer when the provider has said that it is whole.
 */
final class Draft {
  /** Marks the place of the text among the parts of {@link Continuation#data()}. */
  static final String TEXT = "text";

  /** Marks the place of the next call. */
  static final String CALL = "call";

  private static final int MOST_CHARACTERS = 8 << 20;
  private static final int MOST_CALLS = 128;
  private static final int LONGEST_NAME = 200;

  /** Inputs nest less deeply than stored messages may, so that every answer can be stored. */
  private static final JsonMapper INPUTS =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(100).build())
                  .build())
          .build();

  private final ModelRequest request;
  private final ModelName name;
  private final Consumer<String> onText;
  private final StringBuilder text = new StringBuilder();
  private final Map<Long, Call> calls = new LinkedHashMap<>();
  private final ArrayNode order = JsonNodeFactory.instance.arrayNode();
  private int characters;
  private boolean opaque;
  private ModelAnswer.Usage usage = ModelAnswer.Usage.NONE;
  private @Nullable Finish finish;

  private record Call(String tool, StringBuilder input) {}

  Draft(ModelRequest request, ModelName name, Consumer<String> onText) {
    this.request = request;
    this.name = name;
    this.onText = onText;
  }

  void text(String piece) {
    if (piece.isEmpty()) {
      return;
    }
    count(piece.length());
    if (order.isEmpty() || !order.get(order.size() - 1).asString("").equals(TEXT)) {
      order.add(TEXT);
    }
    text.append(piece);
    onText.accept(piece);
  }

  /** A call begins; {@code key} tells it from the others of this answer. */
  void call(long key, String tool) {
    count(tool.length());
    var name = clean(tool.substring(0, Math.min(LONGEST_NAME, tool.length())));
    if (calls.size() >= MOST_CALLS) {
      throw unreadable("it has more than %d calls".formatted(MOST_CALLS));
    }
    if (calls.putIfAbsent(key, new Call(name, new StringBuilder())) == null) {
      order.add(CALL);
    }
  }

  /** A piece of a call's input, as JSON text. */
  void input(long key, String piece) {
    count(piece.length());
    var call = calls.get(key);
    if (call == null) {
      throw unreadable("it goes on with a call that it did not begin");
    }
    call.input().append(piece);
  }

  boolean began(long key) {
    return calls.containsKey(key);
  }

  int calls() {
    return calls.size();
  }

  boolean empty() {
    return text.isEmpty() && calls.isEmpty();
  }

  /** State of the provider that goes back to it, at this place among text and calls. */
  void opaque(JsonNode part) {
    count(part.toString().length());
    order.add(part);
    opaque = true;
  }

  void usage(ModelAnswer.Usage used) {
    usage = used;
  }

  ModelAnswer.Usage usage() {
    return usage;
  }

  void finish(Finish end) {
    finish = end;
  }

  /** The whole answer. */
  ModelAnswer answer() {
    if (finish == null) {
      throw unreadable("it broke off");
    }
    var end = finish == Finish.END && !calls.isEmpty() ? Finish.TOOL_CALLS : finish;
    var made = new ArrayList<ToolCall>();
    for (var call : calls.values()) {
      var id = request.callIds().apply(made.size());
      made.add(new ToolCall(id, call.tool(), parse(call.input().toString())));
    }
    var continuation =
        opaque
            ? Optional.of(new Continuation(name.toString(), order))
            : Optional.<Continuation>empty();
    return new ModelAnswer(
        new Message.Assistant(clean(text.toString()), made, end, continuation), usage);
  }

  /** What is not JSON stays a text: the tool's schema refuses it, and the model is told why. */
  private static JsonNode parse(String input) {
    if (input.isBlank()) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      // Twice: what cannot be written as it was read, such as 1e999, becomes what will be stored.
      return INPUTS.readTree(INPUTS.writeValueAsBytes(INPUTS.readTree(clean(input))));
    } catch (JacksonException _) {
      return JsonNodeFactory.instance.stringNode(clean(input));
    }
  }

  /** Halves of surrogate pairs cannot be stored or sent as UTF-8. */
  private static String clean(String text) {
    var clean = new StringBuilder(text.length());
    text.codePoints()
        .map(point -> point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private void count(int more) {
    characters += more;
    if (characters > MOST_CHARACTERS) {
      throw unreadable("it is longer than %d characters".formatted(MOST_CHARACTERS));
    }
  }

  private static ModelException unreadable(String what) {
    return new ModelException(
        new ModelFailure.Unavailable("the answer cannot be used: %s".formatted(what)));
  }
}
