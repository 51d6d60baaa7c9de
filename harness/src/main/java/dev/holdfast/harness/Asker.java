package dev.holdfast.harness;

import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.BudgetExhausted;
import dev.holdfast.budget.Ledger;
import dev.holdfast.budget.Meter;
import dev.holdfast.harness.model.Message;
import dev.holdfast.harness.model.Model;
import dev.holdfast.harness.model.ModelException;
import dev.holdfast.harness.model.ModelFailure;
import dev.holdfast.harness.model.ModelRequest;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.RunEvent;
import dev.holdfast.tool.ToolDefinition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Asks the model for the next turn: holds the budget, records the prompt before and the answer
 * after, tries again with patience, and falls back to the next model.
 */
final class Asker {
  /** An answer may be held down to this many tokens when the budget has no room for more. */
  private static final int LEAST_OUTPUT = 1024;

  /** How often a prompt is made smaller when the provider says that it is too long. */
  private static final int SHRINKS = 3;

  /** The window is filled to this part only: the estimate is one. */
  private static final double FILL = 0.9;

  private static final double SHRINK = 0.7;
  private static final Set<Meter> ANSWER = Set.of(Meter.OUTPUT_TOKENS, Meter.MICRO_USD);

  private final LoopSetup setup;
  private final Journal journal;
  private final Backoff backoff;
  private int current;

  Asker(LoopSetup setup, Journal journal, RandomGenerator random) {
    this.setup = setup;
    this.journal = journal;
    this.backoff = new Backoff(random);
  }

  /** What was held for an answer, and how long it may be. */
  private record Held(Ledger.Hold hold, int outputTokens) {}

  /**
   * Gets the next answer into the journal.
   *
   * @return why there is none, when no model answers
   */
  Optional<ModelFailure> ask(List<ToolDefinition> tools) throws InterruptedException {
    var failure = askOne(setup.models().get(current), tools);
    while (failure.isPresent() && current + 1 < setup.models().size()) {
      var from = setup.models().get(current).name();
      var to = setup.models().get(++current).name();
      var why = "`%s` does not answer, going on with `%s`".formatted(from, to);
      if (journal.autonomy() == Autonomy.FULL) {
        journal.change(Autonomy.PROPOSE_ONLY, why);
      }
      failure = askOne(setup.models().get(current), tools);
    }
    return failure;
  }

  private Optional<ModelFailure> askOne(Model model, List<ToolDefinition> tools)
      throws InterruptedException {
    double fill = FILL;
    int shrinks = 0;
    int attempt = 1;
    while (true) {
      var failure = attempt(model, tools, attempt, fill);
      if (failure.isEmpty()) {
        return failure;
      }
      if (failure.get() instanceof ModelFailure.ContextTooLong && shrinks++ < SHRINKS) {
        fill *= SHRINK;
        setup.listener().modelFailed(model.name(), failure.get(), Duration.ZERO);
        continue;
      }
      var wait = backoff.after(attempt++, failure.get());
      setup.listener().modelFailed(model.name(), failure.get(), wait.orElse(Duration.ZERO));
      if (wait.isEmpty()) {
        return failure;
      }
      var retry = Amounts.of(Meter.RETRIES, 1);
      setup.ledger().settle(setup.ledger().hold(retry), retry);
      setup.pause().sleep(wait.get());
    }
  }

  private Optional<ModelFailure> attempt(
      Model model, List<ToolDefinition> tools, int attempt, double fill)
      throws InterruptedException {
    int turn = journal.history().nextTurn();
    try {
      long toolBytes = bytes(tools);
      var messages = messages(model, toolBytes, fill);
      var held = hold(model, messages, toolBytes);
      answer(
          model,
          held,
          new ModelRequest(
              turn,
              attempt,
              messages,
              tools,
              held.outputTokens(),
              index -> CallIds.of(setup.run(), turn, index)));
      return Optional.empty();
    } catch (ModelException e) {
      var failure = e.failure();
      journal.append(
          new RunEvent.ModelFailed(
              turn, model.name().toString(), failure.message(), failure.retriable()));
      return Optional.of(failure);
    }
  }

  /** Asks once. Whatever happens, what was held is settled. */
  private void answer(Model model, Held held, ModelRequest request) throws InterruptedException {
    var used = Amounts.NONE;
    try {
      prompted(model, held, request);
      long start = System.nanoTime();
      var answer = model.ask(request, setup.listener()::text);
      used =
          model
              .facts()
              .amounts(answer.usage())
              .with(Meter.ITERATIONS, 1)
              .with(Meter.WALL_MILLIS, (System.nanoTime() - start) / 1_000_000);
      answered(model, request, answer.message(), used);
    } finally {
      setup.ledger().settle(held.hold(), used);
    }
  }

  private List<Message> messages(Model model, long toolBytes, double fill) {
    var facts = model.facts();
    long tokens = (long) ((facts.windowTokens() - facts.maxOutputTokens()) * fill);
    var history = journal.history();
    return Window.fit(history.head(), history.turns(), history.estimate().room(tokens, toolBytes));
  }

  private static long bytes(List<ToolDefinition> tools) {
    return tools.stream()
        .mapToLong(tool -> utf8(tool.description()) + utf8(tool.inputSchema().toString()))
        .sum();
  }

  private static long utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Holds what the answer may cost at most, asking for a shorter one where the budget is short. */
  private Held hold(Model model, List<Message> messages, long toolBytes) {
    long input = journal.history().estimate().tokens(Window.bytes(messages), toolBytes);
    int output = model.facts().maxOutputTokens();
    while (true) {
      try {
        var most = model.facts().most(input, output).with(Meter.ITERATIONS, 1);
        return new Held(setup.ledger().hold(most), output);
      } catch (BudgetExhausted e) {
        if (output <= LEAST_OUTPUT || !ANSWER.contains(e.meter())) {
          throw e;
        }
        output = Math.max(LEAST_OUTPUT, output / 2);
      }
    }
  }

  private void prompted(Model model, Held held, ModelRequest request) {
    var name = model.name();
    var blobs = request.messages().stream().map(journal.history()::store).toList();
    journal.append(
        new RunEvent.Prompted(request.turn(), name.toString(), blobs, held.hold().amounts()));
    setup.listener().asking(request.turn(), name);
  }

  /** The ledger has had the retries already; the log has them with the answer. */
  private void answered(
      Model model, ModelRequest request, Message.Assistant message, Amounts used) {
    var name = model.name();
    int retries = request.attempt() - 1;
    var logged = retries == 0 ? used : used.with(Meter.RETRIES, retries);
    var blob = journal.history().store(message);
    journal.append(new RunEvent.Answered(request.turn(), name.toString(), blob, logged));
    setup.listener().answered(request.turn(), name, logged);
  }
}
