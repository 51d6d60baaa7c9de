package dev.holdfast.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.harness.model.Message;
import dev.holdfast.harness.model.ModelException;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import tools.jackson.databind.node.JsonNodeFactory;

class WindowTest {
  private static final List<Message> HEAD =
      List.of(new Message.Instructions("Be brief."), new Message.User("Fix it."));

  /** The sizes of a turn: its text, and per call its input and its output. */
  record Shape(int text, List<int[]> calls, String filler) {}

  @Provide
  Arbitrary<List<Shape>> conversations() {
    var size =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 300), Arbitraries.integers().between(0, 9000));
    var call = Combinators.combine(size, size).as((in, out) -> new int[] {in, out});
    var filler = Arbitraries.of("x", "é", "😀", "\u0000", "\"", "漢");
    return Combinators.combine(size, call.list().ofMaxSize(4), filler)
        .as(Shape::new)
        .list()
        .ofMaxSize(20);
  }

  @Property(tries = 400)
  void neverExceedsAndNeverOrphans(
      @ForAll("conversations") List<Shape> shapes,
      @ForAll @IntRange(min = 1, max = 200_000) int room) {
    var turns = turns(shapes);
    List<Message> fitted;
    try {
      fitted = Window.fit(HEAD, turns, room);
    } catch (ModelException e) {
      assertThat((long) room).isLessThan(leastRoom(turns));
      return;
    }
    assertThat(Window.bytes(fitted)).isLessThanOrEqualTo(room);
    assertThat(fitted).startsWith(HEAD.toArray(new Message[0]));
    assertNoOrphans(fitted);
    if (!turns.isEmpty()) {
      assertThat(calls(fitted))
          .endsWith(
              turns.getLast().answer().calls().stream().map(ToolCall::id).toArray(CallId[]::new));
    }
  }

  @Property(tries = 200)
  void aWindowForTheTaskAndOneShortTurnAlwaysFits(@ForAll("conversations") List<Shape> shapes) {
    var turns = new ArrayList<>(turns(shapes));
    turns.add(turn(turns.size() + 1, new Shape(100, List.of(new int[] {100_000, 100_000}), "x")));

    assertThat(Window.bytes(Window.fit(HEAD, turns, 8_000))).isLessThanOrEqualTo(8_000);
  }

  @Property(tries = 200)
  void whatFitsIsNotTouched(@ForAll("conversations") List<Shape> shapes) {
    var turns = turns(shapes);
    var all = new ArrayList<>(HEAD);
    turns.forEach(turn -> all.addAll(turn.messages()));

    assertThat(Window.fit(HEAD, turns, Window.bytes(all))).isEqualTo(all);
  }

  @Example
  void oldOutputsGoBeforeOldTurns() {
    var shapes =
        java.util.Collections.nCopies(10, new Shape(10, List.of(new int[] {10, 5000}), "x"));
    var fitted = Window.fit(HEAD, turns(shapes), 20_000);

    assertThat(calls(fitted)).hasSize(10);
    assertThat(fitted.toString()).contains("characters left out to save room");
  }

  @Example
  void theBeginningStaysTheSameForSomeTurns() {
    var shape = new Shape(10, List.of(new int[] {10, 5000}), "x");
    var nine = Window.fit(HEAD, turns(java.util.Collections.nCopies(9, shape)), 36_000);
    var ten = Window.fit(HEAD, turns(java.util.Collections.nCopies(10, shape)), 36_000);

    assertThat(ten.subList(0, nine.size()).equals(nine)).isTrue();
    assertThat(nine.toString()).contains("left out");
  }

  @Example
  void aTaskThatDoesNotFitIsToldToTheCaller() {
    assertThatThrownBy(() -> Window.fit(HEAD, List.of(), 20))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("`20`");
  }

  /** The task, a summary of what is left out, and the last turn with its results cut short. */
  private static long leastRoom(List<Turn> turns) {
    long last = turns.isEmpty() ? 0 : turns.getLast().elidedBytes();
    return Window.bytes(HEAD) + 4_200 + last + 4 * 160;
  }

  private static List<Turn> turns(List<Shape> shapes) {
    var turns = new ArrayList<Turn>();
    shapes.forEach(shape -> turns.add(turn(turns.size() + 1, shape)));
    return turns;
  }

  private static Turn turn(int number, Shape shape) {
    var calls = new ArrayList<ToolCall>();
    for (var sizes : shape.calls()) {
      var input =
          JsonNodeFactory.instance.objectNode().put("content", shape.filler().repeat(sizes[0]));
      calls.add(new ToolCall(CallIds.of(Rig.RUN, number, calls.size()), "look", input));
    }
    var finish = calls.isEmpty() ? Message.Finish.LENGTH : Message.Finish.TOOL_CALLS;
    var turn =
        new Turn(
            number,
            new Message.Assistant(
                shape.filler().repeat(shape.text()), calls, finish, Optional.empty()));
    for (int i = 0; i < calls.size(); i++) {
      turn.ended(calls.get(i).id(), TestGate.says(shape.filler().repeat(shape.calls().get(i)[1])));
    }
    return turn;
  }

  private static List<CallId> calls(List<Message> messages) {
    return messages.stream()
        .filter(Message.Assistant.class::isInstance)
        .flatMap(message -> ((Message.Assistant) message).calls().stream())
        .map(ToolCall::id)
        .toList();
  }

  /** Every call is followed at once by its result, and every result follows its call. */
  private static void assertNoOrphans(List<Message> messages) {
    List<CallId> open = List.of();
    for (var message : messages) {
      if (message instanceof Message.ToolResults(var results)) {
        assertThat(results).extracting(Message.ToolResult::call).isEqualTo(open);
        open = List.of();
      } else {
        assertThat(open).isEmpty();
      }
      if (message instanceof Message.Assistant said) {
        open = said.calls().stream().map(ToolCall::id).toList();
      }
    }
    assertThat(open).isEmpty();
  }
}
