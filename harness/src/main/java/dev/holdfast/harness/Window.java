package dev.holdfast.harness;

import dev.holdfast.harness.model.Message;
import dev.holdfast.harness.model.ModelException;
import dev.holdfast.harness.model.ModelFailure;
import dev.holdfast.tool.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Holds a conversation within a model's window: first the outputs of old calls are left out, then
 * whole old turns, and last the newest outputs are cut. A call and its result stay or go together.
 *
 * <p>What is left out moves in steps of several turns, so that the beginning of the prompt stays
 * the same for some turns and the provider's cache of it keeps its worth.
 */
final class Window {
  private static final int STEP = 4;

  /** Lines of the summary that stands for turns left out. */
  private static final int SUMMARY_LINES = 40;

  private static final int SUMMARY_BYTES = 4096;

  /** The least that a result is cut to. */
  private static final int RESULT_BYTES = 160;

  private final List<Message> head;
  private final List<Turn> turns;
  private final long room;

  private Window(List<Message> head, List<Turn> turns, long room) {
    this.head = head;
    this.turns = turns;
    this.room = room;
  }

  /**
   * The conversation in at most {@code room} bytes.
   *
   * @throws ModelException when not even the task and the last turn fit
   */
  static List<Message> fit(List<Message> head, List<Turn> turns, long room) {
    return new Window(head, turns, room).fit();
  }

  static long bytes(List<Message> messages) {
    return messages.stream().mapToLong(message -> Messages.bytes(message).length).sum();
  }

  private List<Message> fit() {
    int last = Math.max(0, turns.size() - 1);
    for (int elided = 0; elided < last + STEP; elided += STEP) {
      int until = Math.min(elided, last);
      if (size(0, until) <= room) {
        return messages(0, until);
      }
    }
    for (int dropped = STEP; dropped < last + STEP; dropped += STEP) {
      int until = Math.min(dropped, last);
      if (size(until, last) <= room) {
        return messages(until, last);
      }
    }
    return squeeze(last);
  }

  private long size(int dropped, int elided) {
    long size = bytes(opening(dropped));
    for (int i = dropped; i < turns.size(); i++) {
      size += i < elided ? turns.get(i).elidedBytes() : turns.get(i).bytes();
    }
    return size;
  }

  private List<Message> messages(int dropped, int elided) {
    var all = new ArrayList<>(opening(dropped));
    for (int i = dropped; i < turns.size(); i++) {
      all.addAll(i < elided ? turns.get(i).elided() : turns.get(i).messages());
    }
    return all;
  }

  private List<Message> opening(int dropped) {
    if (dropped == 0) {
      return head;
    }
    var opening = new ArrayList<>(head);
    opening.add(new Message.User(summary(dropped)));
    return opening;
  }

  private String summary(int dropped) {
    var lines =
        turns.subList(Math.max(0, dropped - SUMMARY_LINES), dropped).stream()
            .map(Window::line)
            .collect(Collectors.joining("\n"));
    return Elision.clip(
        "[Your first %d turns are left out to save room. What you called in them:]\n%s"
            .formatted(dropped, lines),
        SUMMARY_BYTES);
  }

  private static String line(Turn turn) {
    return "turn %d: ".formatted(turn.number())
        + turn.answer().calls().stream()
            .map(call -> call.tool() + " " + word(turn.outcome(call)))
            .collect(Collectors.joining(", "));
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Completed _ -> "completed";
      case Outcome.Failed(var error) -> error.code().name();
      case Outcome.Refused(var error) -> error.code().name();
      case Outcome.Killed(var error, var _) -> error.code().name();
      case Outcome.TimedOut _ -> "TIMED_OUT";
    };
  }

  /** The last turn alone, its inputs elided and its results cut to what room there is. */
  private List<Message> squeeze(int last) {
    var all = new ArrayList<>(opening(last));
    var newest = turns.isEmpty() ? List.<Message>of() : turns.get(last).messages();
    int results = newest.stream().mapToInt(Window::results).sum();
    long fixed = bytes(all) + bytes(newest.stream().map(m -> cut(m, 0)).toList());
    long each = results == 0 ? 0 : (room - fixed) / results;
    if (fixed > room || (results > 0 && each < RESULT_BYTES)) {
      throw new ModelException(
          new ModelFailure.ContextTooLong(
              "the task and the last turn need `%d` bytes, and the window has room for `%d`"
                  .formatted(fixed, room)));
    }
    newest.forEach(message -> all.add(cut(message, (int) Math.min(each, Integer.MAX_VALUE))));
    return all;
  }

  private static int results(Message message) {
    return message instanceof Message.ToolResults(var results) ? results.size() : 0;
  }

  private static Message cut(Message message, int bytes) {
    return switch (message) {
      case Message.ToolResults(var results) ->
          new Message.ToolResults(
              results.stream()
                  .map(result -> Elision.withText(result, Elision.clip(result.text(), bytes)))
                  .toList());
      case Message.Assistant said -> Elision.inputs(said);
      case Message.Instructions _, Message.User _ -> message;
    };
  }
}
