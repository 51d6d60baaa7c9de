package dev.holdfast.tool.gate;

import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.Ledger;
import dev.holdfast.policy.PolicyRequest;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.Intake;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workspace.CheckpointId;
import dev.holdfast.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A run that this process executes: its log, budget, workspace and live workbench. Thread-safe. */
public final class RunSession implements AutoCloseable {
  /** The parts a session is made of. */
  public record Parts(
      EventLog log,
      Ledger ledger,
      Workspace workspace,
      WorkbenchEngine engine,
      Caps caps,
      Person person,
      Root root) {
    /** On the host's own system. */
    public Parts(
        EventLog log,
        Ledger ledger,
        Workspace workspace,
        WorkbenchEngine engine,
        Caps caps,
        Person person) {
      this(log, ledger, workspace, engine, caps, person, new Root.Host());
    }
  }

  private final RunId id;
  private final Intake intake;
  private final Parts parts;
  private final Map<CallId, Outcome> ended = new ConcurrentHashMap<>();
  private final Map<CallId, Object> underWay = new ConcurrentHashMap<>();

  private final Turn turn = new Turn();
  private final Waits waits = new Waits();
  private final Object workbenchLock = new Object();
  private @Nullable Workbench workbench;
  private volatile Autonomy autonomy;

  /**
   * @param ended the outcomes of calls that ended before this process picked the run up
   */
  public RunSession(
      RunId id, Intake intake, Parts parts, Autonomy autonomy, Map<CallId, Outcome> ended) {
    this.id = id;
    this.intake = intake;
    this.parts = parts;
    this.autonomy = autonomy;
    this.ended.putAll(ended);
  }

  public RunId id() {
    return id;
  }

  public Intake intake() {
    return intake;
  }

  public Ledger ledger() {
    return parts.ledger();
  }

  public Person person() {
    return parts.person();
  }

  public Workspace workspace() {
    return parts.workspace();
  }

  public Autonomy autonomy() {
    return autonomy;
  }

  /** Says what the run may do by itself from now on; whoever decided it has recorded it. */
  public void autonomyIs(Autonomy level) {
    autonomy = level;
  }

  /**
   * Stops the run, from any thread: no call begins, whoever waits for a model or a person waits no
   * longer, and the programs under way are ended. Returns when they are; who executes the run then
   * gets a {@link RunStopped} or an interrupt.
   */
  public void stop() {
    turn.stop();
    waits.end();
    endWorkbench();
  }

  /** Whether {@link #stop} was called. */
  public boolean isStopped() {
    return turn.isStopped();
  }

  /** Does something that waits for a model or a person, and heeds interrupts. */
  public <T, E extends Exception> T whileWaiting(Wait<T, E> wait) throws E {
    waits.enter();
    try {
      return wait.call();
    } finally {
      waits.leave();
    }
  }

  /** What {@link #whileWaiting} does. */
  @FunctionalInterface
  public interface Wait<T, E extends Exception> {
    T call() throws E;
  }

  /**
   * Waits while a person has taken over.
   *
   * @throws RunStopped when the run was stopped
   */
  public void awaitTurn() {
    turn.agentEnters();
    turn.agentLeaves();
  }

  /** The agent is about to begin: a workbench may be started ahead of its first call. */
  public void expectWorkbench() {
    parts.engine().expect(WorkbenchKind.of(workbenchSpec()));
  }

  /**
   * The live workbench; made when there is none or the last one is gone.
   *
   * @throws RunStopped when the run was stopped
   */
  public Workbench workbench() {
    synchronized (workbenchLock) {
      if (isStopped()) {
        throw new RunStopped();
      }
      var current = workbench;
      if (current == null || !current.alive()) {
        if (current != null) {
          current.close();
        }
        current = parts.engine().create(workbenchSpec());
        workbench = current;
      }
      return current;
    }
  }

  private WorkbenchSpec workbenchSpec() {
    return WorkbenchSpec.over(workspace().tree(), parts.caps()).on(parts.root());
  }

  /** Appends an event to the run's log; durable when it returns. */
  public void append(RunEvent event) {
    parts.log().append(id, event);
  }

  /** Appends events, all or none. */
  public void append(List<RunEvent> events) {
    parts.log().append(id, events);
  }

  /** Runs {@code action} with the agent's further calls waiting: a person has taken over. */
  public void whilePersonActs(Runnable action) {
    turn.personEnters();
    try {
      action.run();
    } finally {
      turn.personLeaves();
    }
  }

  /** Takes the workspace back to a checkpoint. The workbench ends; the next call gets a new one. */
  public void rollback(CheckpointId checkpoint, String why) {
    turn.personEntersAlone();
    try {
      endWorkbench();
      workspace().rollback(checkpoint);
      append(new RunEvent.RolledBack(checkpoint, why));
    } finally {
      turn.personLeaves();
    }
  }

  /** Saves the workspace and records it. */
  public CheckpointId checkpoint(String label) {
    var checkpoint = workspace().checkpoint(label);
    append(new RunEvent.Checkpointed(checkpoint, label));
    return checkpoint;
  }

  /** Ends the workbench. The workspace and the log stay. */
  @Override
  public void close() {
    endWorkbench();
  }

  Outcome whileAgentActs(Supplier<Outcome> action) {
    turn.agentEnters();
    try {
      return action.get();
    } finally {
      turn.agentLeaves();
    }
  }

  /** Runs {@code action} unless the call has ended; a second caller waits for the first. */
  Outcome once(CallId call, Supplier<Outcome> action) {
    synchronized (underWay.computeIfAbsent(call, _ -> new Object())) {
      try {
        var known = ended.get(call);
        if (known == null) {
          known = action.get();
          ended.put(call, known);
        }
        return known;
      } finally {
        underWay.remove(call);
      }
    }
  }

  /** Records a call's outcome, together with the checkpoint of what it did. */
  void ended(CallId call, Outcome outcome, Amounts used, boolean changesWorkspace) {
    var events = new ArrayList<RunEvent>();
    events.add(new RunEvent.Ended(call, outcome, used));
    if (changesWorkspace && !(outcome instanceof Outcome.Refused)) {
      var checkpoint = workspace().checkpoint(call.value());
      events.add(new RunEvent.Checkpointed(checkpoint, call.value()));
    }
    append(events);
  }

  PolicyRequest policyRequest(ToolDefinition tool, Reach reach) {
    return new PolicyRequest(
        id,
        intake.user(),
        intake.account(),
        intake.scenario(),
        intake.riskTier(),
        autonomy,
        ledger().usedPercent(),
        tool,
        reach);
  }

  /** Hashes what the workspace holds, for approvals to be bound to. */
  String workspaceState() {
    return workspace().change().hash();
  }

  private void endWorkbench() {
    synchronized (workbenchLock) {
      if (workbench != null) {
        workbench.close();
        workbench = null;
      }
    }
  }
}
