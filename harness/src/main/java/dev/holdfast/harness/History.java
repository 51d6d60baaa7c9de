package dev.holdfast.harness;

import dev.holdfast.budget.Meter;
import dev.holdfast.harness.model.Message;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.BlobId;
import dev.holdfast.run.BlobStore;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunEvent;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conversation, computed from the run's log and from nothing else: the running loop feeds it
 * the same events that a resumed one reads, and so both see the same. Not thread-safe.
 */
public final class History {
  private final Messages messages;
  private final TokenEstimate estimate = new TokenEstimate();
  private List<Message> head;
  private final List<String> early = new ArrayList<>();
  private final List<Turn> turns = new ArrayList<>();
  private Optional<RunEvent.Prompted> prompt = Optional.empty();
  private Autonomy autonomy = Autonomy.FULL;
  private int watchedFrom;
  private long lastSeq;

  private History(BlobStore blobs) {
    this.messages = new Messages(blobs);
    this.head = List.of();
  }

  /**
   * The conversation that a run's log holds.
   *
   * @param events all of the run's events, in order
   */
  public static History rebuild(List<RecordedEvent> events, BlobStore blobs) {
    var history = new History(blobs);
    events.forEach(history::apply);
    return history;
  }

  /** Takes in the next event. */
  void apply(RecordedEvent recorded) {
    lastSeq = recorded.seq();
    switch (recorded.event()) {
      case RunEvent.Prompted prompted -> prompted(prompted);
      case RunEvent.Answered answered -> answered(answered);
      case RunEvent.Ended(var call, var outcome, var _) -> ended(call, outcome);
      case RunEvent.AutonomyChanged changed -> changed(changed);
      case RunEvent.RolledBack(var checkpoint, var why) ->
          note("The workspace was rolled back to checkpoint %s: %s".formatted(checkpoint, why));
      case RunEvent.HandedBack(var by, var note) -> handedBack(by.toString(), note);
      case RunEvent.ApprovalDenied denied -> denied(denied);
      case RunEvent.Stopped _ -> stopped();
      case RunEvent.Opened _, RunEvent.Resumed _, RunEvent.ModelFailed _, RunEvent.Decided _ -> {}
      case RunEvent.Checkpointed _, RunEvent.ApprovalAsked _, RunEvent.ApprovalGiven _ -> {}
      case RunEvent.QuestionAsked _, RunEvent.QuestionAnswered _, RunEvent.TakenOver _ -> {}
      case RunEvent.ChangeSubmitted _, RunEvent.Committed _ -> {}
      case RunEvent.Placed _, RunEvent.PolicyChanged _, RunEvent.ActRefused _ -> {}
    }
  }

  /** Says how the conversation begins, where the log does not say it yet. */
  void begin(List<Message> opening) {
    if (head.isEmpty()) {
      head = List.copyOf(opening);
    }
  }

  /** Takes in an outcome that the gate gave without recording it. */
  void ended(CallId call, Outcome outcome) {
    if (!turns.isEmpty()) {
      turns.getLast().ended(call, outcome);
    }
  }

  private void prompted(RunEvent.Prompted prompted) {
    if (head.isEmpty()) {
      head = prompted.messages().stream().limit(2).map(messages::load).toList();
    }
    prompt = Optional.of(prompted);
  }

  private void answered(RunEvent.Answered answered) {
    if (!(messages.load(answered.message()) instanceof Message.Assistant message)) {
      throw new IllegalStateException(
          "the answer of turn `%d` is not an assistant message".formatted(answered.turn()));
    }
    turns.add(new Turn(answered.turn(), message));
    prompt.ifPresent(asked -> estimate.learn(size(asked), answered.used().get(Meter.INPUT_TOKENS)));
  }

  private long size(RunEvent.Prompted asked) {
    return asked.messages().stream().mapToLong(messages::size).sum();
  }

  private void changed(RunEvent.AutonomyChanged change) {
    autonomy = change.to();
    if (change.to().compareTo(change.from()) < 0) {
      watchedFrom = turns.size();
    }
    note("From now on you may %s: %s".formatted(words(change.to()), change.why()));
  }

  private static String words(Autonomy autonomy) {
    return switch (autonomy) {
      case FULL -> "do everything that your rules permit";
      case PROPOSE_ONLY -> "change the workspace, but a person decides on what you propose";
      case READ_ONLY -> "only look, not change anything";
      case STOPPED -> "do nothing";
    };
  }

  private void handedBack(String by, String note) {
    note(
        "%s worked in your workbench and handed it back. Files may have changed: read them again.%s"
            .formatted(by, note.isBlank() ? "" : " They say: " + note));
  }

  private void denied(RunEvent.ApprovalDenied denied) {
    if (!denied.comment().isBlank()) {
      note("%s denied an approval: %s".formatted(denied.by(), denied.comment()));
    }
  }

  private void stopped() {
    if (!turns.isEmpty()) {
      turns.getLast().stop();
    }
  }

  private void note(String text) {
    if (turns.isEmpty()) {
      early.add(text);
    } else {
      turns.getLast().note(text);
    }
  }

  /** System prompt, task, and what was said before the first answer. */
  List<Message> head() {
    if (early.isEmpty()) {
      return head;
    }
    var all = new ArrayList<>(head);
    all.add(new Message.User(String.join("\n\n", early)));
    return all;
  }

  List<Turn> turns() {
    return List.copyOf(turns);
  }

  /** The turns since a person last gave the agent more room. */
  List<Turn> watched() {
    return List.copyOf(turns.subList(watchedFrom, turns.size()));
  }

  Optional<Turn> last() {
    return turns.isEmpty() ? Optional.empty() : Optional.of(turns.getLast());
  }

  /** The number of the turn that comes next. */
  int nextTurn() {
    return turns.isEmpty() ? 1 : turns.getLast().number() + 1;
  }

  /** What the agent may still do by itself. */
  public Autonomy autonomy() {
    return autonomy;
  }

  long lastSeq() {
    return lastSeq;
  }

  TokenEstimate estimate() {
    return estimate;
  }

  BlobId store(Message message) {
    return messages.store(message);
  }

  /** The whole conversation, not trimmed. */
  public List<Message> conversation() {
    var all = new ArrayList<>(head());
    turns.stream().filter(Turn::complete).forEach(turn -> all.addAll(turn.messages()));
    return all;
  }
}
