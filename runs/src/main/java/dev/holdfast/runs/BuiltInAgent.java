package dev.holdfast.runs;

import dev.holdfast.harness.AgentLoop;
import dev.holdfast.harness.LoopEnd;
import dev.holdfast.harness.LoopListener;
import dev.holdfast.harness.LoopSetup;
import dev.holdfast.harness.Pause;
import dev.holdfast.harness.ToolPort;
import dev.holdfast.harness.model.Model;
import dev.holdfast.harness.model.ModelAnswer;
import dev.holdfast.harness.model.ModelFacts;
import dev.holdfast.harness.model.ModelName;
import dev.holdfast.harness.model.ModelRequest;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.BlobStore;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.StopReason;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolCall;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.tool.gate.RunSession;
import dev.holdfast.tool.gate.ToolGate;
import java.util.List;
import java.util.function.Consumer;

/**
 * The built-in loop as an agent. It has no more rights than any other: it gets its tools from the
 * gate.
 *
 * @param says receives what the model says, piece by piece
 */
public record BuiltInAgent(
    EventLog log,
    BlobStore blobs,
    List<ToolDefinition> tools,
    List<Model> models,
    Consumer<String> says)
    implements Agent {

  @Override
  public AgentEnd work(RunSession run, ToolGate gate) {
    var setup =
        new LoopSetup(
            run.id(),
            run.intake(),
            log,
            blobs,
            run.ledger(),
            new Port(run, gate, tools),
            models.stream().<Model>map(model -> new Stoppable(model, run)).toList(),
            new Listener(run, says),
            time ->
                run.whileWaiting(
                    () -> {
                      Pause.REAL.sleep(time);
                      return time;
                    }));
    return switch (new AgentLoop(setup).run()) {
      case LoopEnd.Submitted _ -> submitted(run);
      case LoopEnd.Finished(String text) -> finished(run, text);
      case LoopEnd.Halted(StopReason reason, String detail) -> new AgentEnd.Stopped(reason, detail);
    };
  }

  /** What the agent said of its change when it submitted it. */
  private AgentEnd submitted(RunSession run) {
    return log.read(run.id(), 0).reversed().stream()
        .<AgentEnd>mapMulti(
            (event, found) -> {
              if (event.event() instanceof RunEvent.Decided(ToolCall call, _, _)
                  && call.tool().equals("submit_change")) {
                found.accept(
                    new AgentEnd.Submitted(
                        call.input().path("title").asString(""),
                        call.input().path("description").asString("")));
              }
            })
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a submitted change has no call"));
  }

  /** A model that just ends its turn: what it changed is proposed all the same. */
  private static AgentEnd finished(RunSession run, String text) {
    if (run.workspace().change().isEmpty()) {
      return new AgentEnd.Stopped(StopReason.DONE, text);
    }
    var title = run.intake().task().lines().findFirst().orElse("Change");
    return new AgentEnd.Submitted(title, text);
  }

  /** A model whose answer is not waited for once the run is stopped. */
  private record Stoppable(Model model, RunSession run) implements Model {
    @Override
    public ModelName name() {
      return model.name();
    }

    @Override
    public ModelFacts facts() {
      return model.facts();
    }

    @Override
    public ModelAnswer ask(ModelRequest request, Consumer<String> onText)
        throws InterruptedException {
      return run.whileWaiting(() -> model.ask(request, onText));
    }
  }

  /** The gate, as the loop sees it. */
  private record Port(RunSession run, ToolGate gate, List<ToolDefinition> definitions)
      implements ToolPort {
    @Override
    public Outcome call(ToolCall call) {
      return gate.call(run, call);
    }
  }

  /** Carries what the loop does to the run's session and to whoever watches. */
  private record Listener(RunSession run, Consumer<String> says) implements LoopListener {
    @Override
    public void turnStarts(int turn) {
      run.awaitTurn();
    }

    @Override
    public void text(String piece) {
      says.accept(piece);
    }

    @Override
    public void autonomyChanged(Autonomy from, Autonomy to, String why) {
      run.autonomyIs(to);
    }
  }
}
