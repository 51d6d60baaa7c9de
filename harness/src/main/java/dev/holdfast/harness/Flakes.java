package dev.holdfast.harness;

import dev.holdfast.run.Autonomy;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Finds tests that say one thing and then another though nothing was changed in between. */
final class Flakes {
  private static final String TESTS = "run_tests";

  private Flakes() {}

  static Watch.Verdict judge(List<Turn> turns, Set<String> reading) {
    Map<JsonNode, String> before = new HashMap<>();
    for (var turn : turns) {
      for (var call : turn.answer().calls()) {
        if (flaky(call, turn.outcome(call), before)) {
          return new Watch.Verdict(
              Autonomy.PROPOSE_ONLY,
              "tests flake: `%s` gave different results though nothing was changed"
                  .formatted(TESTS));
        }
        if (!call.tool().equals(TESTS) && !reading.contains(call.tool())) {
          before.clear();
        }
      }
    }
    return new Watch.Verdict(Autonomy.FULL, "");
  }

  private static boolean flaky(ToolCall call, Outcome outcome, Map<JsonNode, String> before) {
    var now = call.tool().equals(TESTS) ? counts(outcome) : Optional.<String>empty();
    if (now.isEmpty()) {
      return false;
    }
    var last = before.put(call.input(), now.get());
    return last != null && !last.equals(now.get());
  }

  /** What a test run found; empty when it found nothing because it did not get to its end. */
  private static Optional<String> counts(Outcome outcome) {
    return outcome instanceof Outcome.Completed(var output, var _) && output.has("failed")
        ? Optional.of(output.path("passed") + " passed, " + output.path("failed") + " failed")
        : Optional.empty();
  }
}
