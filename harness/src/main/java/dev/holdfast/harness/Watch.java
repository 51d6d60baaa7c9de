package dev.holdfast.harness;

import dev.holdfast.run.Autonomy;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Judges from what has happened whether the agent should lose autonomy. It has no memory, so that a
 * resumed run is judged as the running one was.
 */
final class Watch {
  /** How often the same thing happens before each step down. */
  private static final int PROPOSE = 3;

  private static final int READ = 5;
  private static final int STOP = 7;

  /** The longest cycle of turns that is recognised. */
  private static final int LONGEST_CYCLE = 3;

  private static final Set<ErrorCode> BROKEN = Set.of(ErrorCode.UNAVAILABLE, ErrorCode.INTERNAL);

  private Watch() {}

  /** A level to go down to, and why. */
  record Verdict(Autonomy level, String why) {}

  /**
   * The lowest level that anything in {@code turns} asks for, when it is below {@code now}.
   *
   * @param reading the tools that change nothing
   */
  static Optional<Verdict> judge(List<Turn> turns, Set<String> reading, Autonomy now) {
    var complete = turns.stream().filter(Turn::complete).toList();
    var worst = new Verdict(now, "");
    for (var verdict :
        List.of(
            unsure(turns), repeats(complete), broken(complete), Flakes.judge(complete, reading))) {
      worst = verdict.level().compareTo(worst.level()) > 0 ? verdict : worst;
    }
    return worst.level().compareTo(now) > 0 ? Optional.of(worst) : Optional.empty();
  }

  private static Verdict unsure(List<Turn> turns) {
    boolean said = turns.stream().anyMatch(turn -> turn.answer().unsure());
    return said
        ? new Verdict(Autonomy.PROPOSE_ONLY, "the model says that it is not sure")
        : new Verdict(Autonomy.FULL, "");
  }

  private static Verdict repeats(List<Turn> turns) {
    int most = 0;
    for (int cycle = 1; cycle <= LONGEST_CYCLE; cycle++) {
      most = Math.max(most, repeats(turns, cycle));
    }
    return new Verdict(
        level(most), "no progress: the same calls gave the same results %d times".formatted(most));
  }

  /** How often the last {@code cycle} turns have just happened in a row. */
  private static int repeats(List<Turn> turns, int cycle) {
    int size = turns.size();
    if (size < cycle || turns.subList(size - cycle, size).stream().anyMatch(Watch::noCalls)) {
      return 0;
    }
    int same = 0;
    while (size - 1 - same - cycle >= 0
        && same(turns.get(size - 1 - same), turns.get(size - 1 - same - cycle))) {
      same++;
    }
    return 1 + same / cycle;
  }

  private static boolean noCalls(Turn turn) {
    return turn.answer().calls().isEmpty();
  }

  private static boolean same(Turn one, Turn other) {
    var calls = one.answer().calls();
    var others = other.answer().calls();
    if (calls.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < calls.size(); i++) {
      if (!calls.get(i).tool().equals(others.get(i).tool())
          || !calls.get(i).input().equals(others.get(i).input())
          || !timeless(one.outcome(calls.get(i))).equals(timeless(other.outcome(others.get(i))))) {
        return false;
      }
    }
    return true;
  }

  /** An outcome without the times in it, which differ when nothing else does. */
  private static Object timeless(Outcome outcome) {
    return outcome instanceof Outcome.Completed(var output, var _) ? timeless(output) : outcome;
  }

  private static JsonNode timeless(JsonNode output) {
    if (!(output instanceof ObjectNode object)) {
      return output;
    }
    var copy = object.deepCopy();
    copy.propertyStream()
        .map(entry -> entry.getKey())
        .filter(key -> key.matches("(?i).*(millis|duration|seconds|time)"))
        .toList()
        .forEach(copy::remove);
    return copy;
  }

  private static Verdict broken(List<Turn> turns) {
    int count = 0;
    for (var turn : turns.reversed()) {
      if (noCalls(turn)
          || !turn.answer().calls().stream().map(turn::outcome).allMatch(Watch::broken)) {
        break;
      }
      count++;
    }
    return new Verdict(level(count), "tools have failed to work in %d turns".formatted(count));
  }

  private static boolean broken(Outcome outcome) {
    return outcome instanceof Outcome.Failed(var error) && BROKEN.contains(error.code());
  }

  private static Autonomy level(int count) {
    if (count >= STOP) {
      return Autonomy.STOPPED;
    }
    if (count >= READ) {
      return Autonomy.READ_ONLY;
    }
    return count >= PROPOSE ? Autonomy.PROPOSE_ONLY : Autonomy.FULL;
  }
}
