package dev.holdfast.harness;

import dev.holdfast.harness.model.Message;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolCall;
import dev.holdfast.tool.ToolError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One answer of the model, and what came of it. Not thread-safe. */
final class Turn {
  /** The tool that ends a run when it succeeds. */
  static final String SUBMIT = "submit_change";

  private static final Outcome SKIPPED =
      new Outcome.Refused(
          new ToolError(
              ErrorCode.INTERRUPTED,
              "the change was submitted before this call",
              "call it again if it still matters"));

  private final int number;
  private final Message.Assistant answer;
  private final Map<CallId, Outcome> outcomes = new HashMap<>();
  private final List<String> notes = new ArrayList<>();
  private boolean stopped;
  private @Nullable Shape whole;
  private @Nullable Shape elided;

  /** Messages and their size as JSON. */
  private record Shape(List<Message> messages, long bytes) {
    static Shape of(List<Message> messages) {
      return new Shape(messages, Window.bytes(messages));
    }
  }

  Turn(int number, Message.Assistant answer) {
    this.number = number;
    this.answer = answer;
  }

  int number() {
    return number;
  }

  Message.Assistant answer() {
    return answer;
  }

  /** The first outcome of a call counts: later ones are the same call's again. */
  void ended(CallId call, Outcome outcome) {
    outcomes.putIfAbsent(call, outcome);
    whole = null;
    elided = null;
  }

  void note(String text) {
    notes.add(text);
    whole = null;
    elided = null;
  }

  /**
   * The run was stopped. A turn with calls still to be made has not ended, and goes on with them.
   */
  void stop() {
    stopped = complete();
  }

  /** The calls still to be made, in order. */
  List<ToolCall> missing() {
    return submitted().isPresent()
        ? List.of()
        : answer.calls().stream().filter(call -> !outcomes.containsKey(call.id())).toList();
  }

  boolean complete() {
    return missing().isEmpty();
  }

  Outcome outcome(ToolCall call) {
    return outcomes.getOrDefault(call.id(), SKIPPED);
  }

  private Optional<Outcome.Completed> submitted() {
    return answer.calls().stream()
        .filter(call -> call.tool().equals(SUBMIT))
        .map(this::outcome)
        .filter(Outcome.Completed.class::isInstance)
        .map(Outcome.Completed.class::cast)
        .findFirst();
  }

  /**
   * Whether, and how, this turn ended the loop; empty once the run was stopped and taken up again.
   */
  Optional<LoopEnd> end() {
    if (stopped) {
      return Optional.empty();
    }
    if (submitted().isPresent()) {
      return submitted().map(LoopEnd.Submitted::new);
    }
    boolean done = answer.calls().isEmpty() && answer.finish() != Message.Finish.LENGTH;
    return done ? Optional.of(new LoopEnd.Finished(answer.text())) : Optional.empty();
  }

  /** This turn in the conversation; meant for a turn that is complete. */
  List<Message> messages() {
    return whole().messages();
  }

  long bytes() {
    return whole().bytes();
  }

  /** This turn with long inputs and results left out. */
  List<Message> elided() {
    return shortened().messages();
  }

  long elidedBytes() {
    return shortened().bytes();
  }

  private Shape whole() {
    var shape = whole;
    if (shape == null) {
      shape = Shape.of(build());
      whole = shape;
    }
    return shape;
  }

  private Shape shortened() {
    var shape = elided;
    if (shape == null) {
      shape = Shape.of(Elision.elide(messages()));
      elided = shape;
    }
    return shape;
  }

  private List<Message> build() {
    var built = new ArrayList<Message>();
    built.add(answer);
    if (!answer.calls().isEmpty()) {
      built.add(new Message.ToolResults(answer.calls().stream().map(this::result).toList()));
    }
    if (!notes.isEmpty()) {
      built.add(new Message.User(String.join("\n\n", notes)));
    } else if (answer.calls().isEmpty()) {
      built.add(new Message.User(goOn()));
    }
    return List.copyOf(built);
  }

  private Message.ToolResult result(ToolCall call) {
    var outcome = outcome(call);
    return new Message.ToolResult(
        call.id(), call.tool(), OutcomeText.of(outcome), OutcomeText.failed(outcome));
  }

  private String goOn() {
    return answer.finish() == Message.Finish.LENGTH
        ? "Your answer was cut off: it reached the limit of one answer. Go on, in smaller steps."
        : "Go on with the task. Call `submit_change` when it is done.";
  }
}
