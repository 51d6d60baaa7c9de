package dev.holdfast.harness;

import dev.holdfast.tool.Effect;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolCall;
import dev.holdfast.tool.ToolDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Makes an answer's calls: neighbours that only read at the same time, everything else by itself
 * and in order, so that a read sees the writes before it and not those after it.
 */
final class Dispatcher {
  /** Calls at the same time. */
  private static final int WIDTH = 8;

  private final ToolPort tools;
  private final LoopListener listener;

  Dispatcher(ToolPort tools, LoopListener listener) {
    this.tools = tools;
    this.listener = listener;
  }

  /**
   * Makes the calls, until one submits the change.
   *
   * @param ended takes each outcome, on the calling thread, in the order of the calls
   */
  void run(List<ToolCall> calls, BiConsumer<ToolCall, Outcome> ended) throws InterruptedException {
    var reading = reading(tools.definitions());
    int next = 0;
    boolean submitted = false;
    while (next < calls.size() && !submitted) {
      var batch = batch(calls, next, reading);
      var outcomes = batch.size() == 1 ? one(batch.getFirst()) : together(batch);
      outcomes.forEach(ended);
      submitted =
          outcomes.entrySet().stream()
              .anyMatch(
                  entry ->
                      entry.getKey().tool().equals(Turn.SUBMIT)
                          && entry.getValue() instanceof Outcome.Completed);
      next += batch.size();
    }
  }

  /** The tools that only look. Submitting is not one of them, whatever its definition says. */
  static Set<String> reading(List<ToolDefinition> definitions) {
    return definitions.stream()
        .filter(tool -> tool.effects().equals(Set.of(Effect.READ)))
        .map(ToolDefinition::name)
        .filter(name -> !name.equals(Turn.SUBMIT))
        .collect(Collectors.toSet());
  }

  private static List<ToolCall> batch(List<ToolCall> calls, int from, Set<String> reading) {
    int to = from;
    while (to < calls.size() && to - from < WIDTH && reading.contains(calls.get(to).tool())) {
      to++;
    }
    return calls.subList(from, Math.max(to, from + 1));
  }

  private Map<ToolCall, Outcome> one(ToolCall call) throws InterruptedException {
    return Map.of(call, call(call));
  }

  private Map<ToolCall, Outcome> together(List<ToolCall> calls) throws InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Callable<Outcome>>();
      calls.forEach(call -> tasks.add(() -> call(call)));
      var futures = threads.invokeAll(tasks);
      var outcomes = new LinkedHashMap<ToolCall, Outcome>();
      for (int i = 0; i < calls.size(); i++) {
        outcomes.put(calls.get(i), futures.get(i).get());
      }
      return outcomes;
    } catch (ExecutionException e) {
      throw unwrap(e);
    }
  }

  /** What a call threw is thrown here as it was. */
  private static RuntimeException unwrap(ExecutionException e) throws InterruptedException {
    switch (e.getCause()) {
      case RuntimeException inner -> throw inner;
      case Error inner -> throw inner;
      case InterruptedException inner -> throw inner;
      case null, default -> throw new IllegalStateException("a call failed in an unknown way", e);
    }
  }

  private Outcome call(ToolCall call) throws InterruptedException {
    listener.callStarts(call);
    var outcome = tools.call(call);
    listener.callEnded(call, outcome);
    return outcome;
  }
}
