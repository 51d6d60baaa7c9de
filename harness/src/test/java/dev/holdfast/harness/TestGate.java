package dev.holdfast.harness;

import dev.holdfast.budget.Amounts;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.Decision;
import dev.holdfast.tool.Effect;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolCall;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.tool.ToolError;
import dev.holdfast.tool.ToolLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A gate that permits everything, records as the real one does, and answers a call that it has seen
 * with the outcome that it had. Its tools are functions of the input.
 */
final class TestGate implements ToolPort {
  private final RunId run;
  private final EventLog log;
  private final Map<String, ToolDefinition> definitions = new HashMap<>();
  private final Map<String, Function<ToolCall, Outcome>> tools = new HashMap<>();
  private final Map<CallId, Outcome> seen = new HashMap<>();
  private final List<ToolCall> executed = new ArrayList<>();

  TestGate(RunId run, EventLog log) {
    this.run = run;
    this.log = log;
    for (var event : log.read(run, 0)) {
      if (event.event() instanceof RunEvent.Ended(var call, var outcome, var _)) {
        seen.put(call, outcome);
      }
    }
    add("look", Effect.READ, call -> says("looked at " + call.input().path("at").asString("")));
    add("change", Effect.WRITE, call -> says("changed " + call.input().path("at").asString("")));
    add(Turn.SUBMIT, Effect.ASK, call -> says("submitted"));
  }

  static Outcome says(String text) {
    return new Outcome.Completed(JsonNodeFactory.instance.stringNode(text), false);
  }

  void add(String name, Effect effect, Function<ToolCall, Outcome> does) {
    var schema = JsonMapper.shared().readTree("{\"type\":\"object\"}");
    definitions.put(
        name,
        new ToolDefinition(
            name,
            "1.0.0",
            "Does " + name + ".",
            schema,
            schema,
            List.of(),
            Set.of(effect),
            true,
            true,
            "the test",
            ToolLimits.DEFAULT,
            List.of()));
    tools.put(name, does);
  }

  /** The calls that were really made, not answered from memory. */
  synchronized List<ToolCall> executed() {
    return List.copyOf(executed);
  }

  @Override
  public List<ToolDefinition> definitions() {
    return definitions.values().stream().toList();
  }

  @Override
  public Outcome call(ToolCall call) {
    synchronized (this) {
      var known = seen.get(call.id());
      if (known != null) {
        return known;
      }
      executed.add(call);
    }
    var tool = tools.get(call.tool());
    if (tool == null) {
      return new Outcome.Refused(
          new ToolError(
              ErrorCode.UNKNOWN_TOOL, "there is no `" + call.tool() + "`", "use another"));
    }
    log.append(
        run,
        new RunEvent.Decided(
            call,
            new Decision.Permit(new Decision.Basis(List.of(), "v", List.of())),
            Amounts.NONE));
    var outcome = tool.apply(call);
    synchronized (this) {
      seen.put(call.id(), outcome);
    }
    log.append(run, new RunEvent.Ended(call.id(), outcome, Amounts.NONE));
    return outcome;
  }
}
