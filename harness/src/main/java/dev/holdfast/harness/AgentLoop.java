package dev.holdfast.harness;

import dev.holdfast.budget.BudgetExhausted;
import dev.holdfast.harness.model.Message;
import dev.holdfast.harness.model.ModelFailure;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.StopReason;
import dev.holdfast.tool.Effect;
import dev.holdfast.tool.ToolDefinition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The loop between a model and the tool gate. All it knows is in the run's log, so a loop over a
 * log that another process left goes on where that one was. For one thread, once.
 */
public final class AgentLoop {
  /** Where a loop ends at the latest, whatever its budget says. */
  private static final int MOST_TURNS = 1_000;

  private static final Set<Effect> HARMLESS = Set.of(Effect.READ, Effect.ASK);

  private final LoopSetup setup;
  private final Journal journal;
  private final Asker asker;
  private final Dispatcher dispatcher;

  public AgentLoop(LoopSetup setup) {
    this.setup = setup;
    this.journal = new Journal(setup);
    this.asker = new Asker(setup, journal, RandomGenerator.getDefault());
    this.dispatcher = new Dispatcher(setup.tools(), setup.listener());
  }

  /** What the run may still do by itself; may be asked from any thread. */
  public Autonomy autonomy() {
    return journal.autonomy();
  }

  /**
   * Runs until the change is submitted, the model ends its turn, or nothing goes on. Does not
   * record the run's stop: the caller does, who knows what else there is to do.
   */
  public LoopEnd run() {
    try {
      return loop();
    } catch (BudgetExhausted e) {
      return new LoopEnd.Halted(StopReason.BUDGET_EXHAUSTED, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      return new LoopEnd.Halted(StopReason.CANCELLED, "the loop was interrupted");
    }
  }

  private LoopEnd loop() throws InterruptedException {
    begin();
    for (int i = 0; i < MOST_TURNS; i++) {
      var end = finishTurn();
      if (end.isPresent()) {
        return end.get();
      }
      setup.listener().turnStarts(journal.history().nextTurn());
      journal.catchUp();
      var failure = asker.ask(offered());
      if (failure.isPresent()) {
        return noModel(failure.get());
      }
    }
    return new LoopEnd.Halted(
        StopReason.GAVE_UP, "the loop took %d turns and is not done".formatted(MOST_TURNS));
  }

  private void begin() {
    journal
        .history()
        .begin(
            List.of(
                new Message.Instructions(SystemPrompt.of(setup.intake())),
                new Message.User(setup.intake().task())));
    if (journal.autonomy() == Autonomy.STOPPED) {
      journal.change(Autonomy.PROPOSE_ONLY, "a person took the run up again");
    }
  }

  /** Makes the calls of the last answer that have not ended, and says whether that is the end. */
  private Optional<LoopEnd> finishTurn() throws InterruptedException {
    var last = journal.history().last();
    if (last.isEmpty()) {
      return Optional.empty();
    }
    var stopped = degrade();
    if (stopped.isPresent()) {
      return stopped;
    }
    var turn = last.get();
    dispatcher.run(turn.missing(), (call, outcome) -> journal.history().ended(call.id(), outcome));
    journal.catchUp();
    return turn.end().or(this::degrade);
  }

  private Optional<LoopEnd> degrade() {
    var verdict =
        Watch.judge(
            journal.history().watched(),
            Dispatcher.reading(setup.tools().definitions()),
            journal.autonomy());
    verdict.ifPresent(worse -> journal.change(worse.level(), worse.why()));
    return verdict
        .filter(worse -> worse.level() == Autonomy.STOPPED)
        .map(worse -> new LoopEnd.Halted(StopReason.GAVE_UP, worse.why()));
  }

  /** At READ_ONLY the model does not even see what the gate would refuse. */
  private List<ToolDefinition> offered() {
    var all = setup.tools().definitions();
    return journal.autonomy() == Autonomy.READ_ONLY
        ? all.stream().filter(tool -> HARMLESS.containsAll(tool.effects())).toList()
        : all;
  }

  private LoopEnd noModel(ModelFailure failure) {
    journal.change(Autonomy.STOPPED, "no model answers: " + failure.message());
    var reason =
        switch (failure) {
          case ModelFailure.Rejected _, ModelFailure.ContextTooLong _ -> StopReason.FAILED;
          case ModelFailure.Refused _ -> StopReason.GAVE_UP;
          case ModelFailure.RateLimited _,
              ModelFailure.Overloaded _,
              ModelFailure.Unavailable _,
              ModelFailure.Unauthorized _ ->
              StopReason.UNAVAILABLE;
        };
    return new LoopEnd.Halted(reason, failure.message());
  }
}
