package dev.holdfast.runs;

import dev.holdfast.actor.UserId;
import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.BudgetExhausted;
import dev.holdfast.budget.Ledger;
import dev.holdfast.policy.Act;
import dev.holdfast.policy.PolicyDecider;
import dev.holdfast.run.BlobStore;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.Intake;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import dev.holdfast.run.RunState;
import dev.holdfast.run.StopReason;
import dev.holdfast.tool.gate.RunSession;
import dev.holdfast.tool.gate.RunStopped;
import dev.holdfast.tool.gate.ToolGate;
import dev.holdfast.tool.registry.ToolRegistry;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Placement;
import dev.holdfast.workbench.WorkbenchEngines;
import dev.holdfast.workspace.CheckpointId;
import dev.holdfast.workspace.Workspace;
import dev.holdfast.workspace.WorkspaceId;
import dev.holdfast.workspace.WorkspaceSpec;
import dev.holdfast.workspace.Workspaces;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** Opens, executes, resumes and concludes runs. */
public final class RunService {
  /** The parts that the service works with. {@code directory} holds locks and sockets. */
  public record Parts(
      EventLog log,
      BlobStore blobs,
      Workspaces workspaces,
      WorkbenchEngines engines,
      ToolRegistry registry,
      ToolGate gate,
      PolicyDecider policy,
      Caps caps,
      Path directory) {}

  private final Parts parts;
  private final ActDesk acts;
  private final ChangeDesk changes;
  private final EvidenceDesk evidence;
  private final Set<RunSession> sessions = ConcurrentHashMap.newKeySet();

  public RunService(Parts parts) {
    this.parts = parts;
    this.acts = new ActDesk(parts.policy(), parts.log());
    this.changes = new ChangeDesk(parts.log());
    this.evidence = new EvidenceDesk(parts.gate(), parts.blobs());
  }

  /**
   * Takes a request in: judges it, makes its workspace and opens its log.
   *
   * @throws RunRefused when intake turns it away
   * @throws dev.holdfast.workbench.WorkbenchException when its layer does not work here
   * @throws dev.holdfast.workspace.WorkspaceException when the repository cannot be used
   */
  public RunId open(RunRequest request) {
    var admission = IntakeDesk.admit(request.task());
    if (!(admission instanceof IntakeDesk.Admission.Admitted admitted)) {
      throw new RunRefused(((IntakeDesk.Admission.Turned) admission).why());
    }
    var _ = parts.engines().of(request.placement().layer());
    var _ = parts.engines().root(request.placement());
    var id = RunId.random();
    var workspaceId = WorkspaceId.random();
    var spec =
        new WorkspaceSpec(
            workspaceId,
            request.repository(),
            request.revision(),
            "holdfast/" + id,
            request.includeDirty(),
            request.diskBytes());
    try (var workspace = parts.workspaces().create(spec)) {
      var intake = intake(request, admitted, workspace);
      parts
          .log()
          .append(
              id,
              List.of(
                  new RunEvent.Opened(intake),
                  placed(request.placement()),
                  new RunEvent.Checkpointed(new CheckpointId(0), "start")));
    } catch (RuntimeException e) {
      parts.workspaces().delete(workspaceId);
      throw e;
    }
    return id;
  }

  private static RunEvent placed(Placement placement) {
    return new RunEvent.Placed(
        placement.workload(), placement.layer(), placement.reason(), placement.image());
  }

  private Intake intake(
      RunRequest request, IntakeDesk.Admission.Admitted admitted, Workspace workspace) {
    return new Intake(
        request.user(),
        request.account(),
        request.scenario(),
        admitted.tier(),
        request.task(),
        admitted.task(),
        request.model(),
        parts.policy().version(),
        request.budget(),
        request.repository(),
        workspace.id(),
        workspace.base(),
        workspace.branch());
  }

  /** Executes a run that was just opened. */
  public RunState execute(RunId id, Agent agent, Counter counter) {
    return inSession(id, counter, (run, _) -> work(run, agent));
  }

  /**
   * Goes on with a run that stopped or whose process died.
   *
   * @param budget its budget from now on
   * @param placement where its workbenches are made from now on
   * @throws RunRefused when it is concluded, or another process executes it
   */
  public RunState resume(
      RunId id, UserId by, Amounts budget, Placement placement, Agent agent, Counter counter) {
    return inSession(
        id,
        counter,
        budget,
        placement,
        (run, state) -> {
          refuseConcluded(state);
          run.append(new RunEvent.Resumed(by, budget));
          if (!state.policyVersion().equals(parts.policy().version())) {
            run.append(new RunEvent.PolicyChanged(state.policyVersion(), parts.policy().version()));
          }
          if (!placement.equals(state.placement())) {
            run.append(placed(placement));
          }
          new Recovery(parts.registry()).recover(run, state);
          work(run, agent);
        });
  }

  private static void refuseConcluded(RunState state) {
    if (state.committed().isPresent()) {
      throw new RunRefused("run `%s` is done: its change is committed".formatted(state.id()));
    }
  }

  private void work(RunSession run, Agent agent) {
    run.expectWorkbench();
    try {
      conclude(run, agent.work(run, parts.gate()));
    } catch (BudgetExhausted exhausted) {
      var detail = String.valueOf(exhausted.getMessage());
      run.append(new RunEvent.Stopped(StopReason.BUDGET_EXHAUSTED, detail));
    } catch (RunStopped stopped) {
      run.append(new RunEvent.Stopped(StopReason.CANCELLED, String.valueOf(stopped.getMessage())));
    }
  }

  private void conclude(RunSession run, AgentEnd end) {
    switch (end) {
      case AgentEnd.Submitted _ when run.workspace().change().isEmpty() ->
          run.append(new RunEvent.Stopped(StopReason.DONE, "nothing was changed"));
      case AgentEnd.Submitted(String title, String description) -> {
        var state = state(run.id());
        var submitted = evidence.submit(run, state.turns(), title, description);
        changes.ask(run.id(), submitted, state.policyVersion());
      }
      case AgentEnd.Stopped(StopReason reason, String detail) ->
          run.append(new RunEvent.Stopped(reason, detail));
    }
  }

  /**
   * Accepts a run's submitted change: commits it as the run's branch in the repository it came
   * from.
   *
   * @throws RunRefused when the policy forbids it, there is none, or the workspace is no longer
   *     what was submitted
   */
  public RunEvent.Committed approve(RunId id, UserId by, String comment) {
    try (var _ = lock(id);
        var workspace = parts.workspaces().open(state(id).intake().workspace())) {
      var state = state(id);
      acts.requireApproval(state, by, workspace.change());
      return changes.approve(state, workspace, by, comment);
    }
  }

  /** Approves the tool call that a running process waits with. */
  public void answer(RunId id, RunEvent.ApprovalGiven approval) {
    acts.require(state(id), approval.by(), Act.APPROVE);
    parts.log().append(id, approval);
  }

  /** Denies the tool call that a running process waits with. */
  public void answer(RunId id, RunEvent.ApprovalDenied denial) {
    acts.require(state(id), denial.by(), Act.REJECT);
    parts.log().append(id, denial);
  }

  /** Rejects a run's submitted change. */
  public void reject(RunId id, UserId by, String comment) {
    try (var _ = lock(id)) {
      acts.require(state(id), by, Act.REJECT);
      changes.reject(state(id), by, comment);
    }
  }

  /** Takes a run that no process executes back to a checkpoint. */
  public void rollback(RunId id, CheckpointId checkpoint, String why, Counter counter) {
    acts.require(state(id), counter.person(), Act.ROLLBACK);
    inSession(id, counter, (run, _) -> run.rollback(checkpoint, why));
  }

  /**
   * Goes on when a person may take the run over.
   *
   * @throws RunRefused when they may not
   */
  public void requireTakeover(RunId id, UserId by) {
    acts.require(state(id), by, Act.TAKEOVER);
  }

  /** Opens a run that no process executes, for a person to work in. */
  public RunState visit(RunId id, Counter counter, Runnable visit) {
    return inSession(id, counter, (_, _) -> visit.run());
  }

  /**
   * Stops whatever runs this process executes, from any thread; they can be resumed.
   *
   * @return whether there was any
   */
  public boolean stop() {
    var live = List.copyOf(sessions);
    live.forEach(RunSession::stop);
    return !live.isEmpty();
  }

  /**
   * Removes the workspaces of runs that no process executes and that are {@code done}.
   *
   * @return the runs whose workspaces were removed
   */
  public List<RunState> clean(Predicate<RunState> done) {
    var runs = removable(parts.log(), parts.workspaces(), done);
    for (var run : runs) {
      try (var _ = lock(run.id())) {
        parts.workspaces().delete(run.intake().workspace());
      }
    }
    return runs;
  }

  /** The runs that are {@code done} and still have a workspace. */
  public static List<RunState> removable(
      EventLog log, Workspaces workspaces, Predicate<RunState> done) {
    var present = Set.copyOf(workspaces.list());
    return log.runs().stream()
        .filter(
            first ->
                first.event() instanceof RunEvent.Opened(Intake intake)
                    && present.contains(intake.workspace()))
        .map(first -> RunState.of(log.read(first.run(), 0)))
        .filter(done)
        .toList();
  }

  /** Where {@link Takeover#begin} finds a run while it is executed or visited. */
  public Path socket(RunId id) {
    return parts.directory().resolve(id + ".sock");
  }

  /** The present change of a run as a unified diff. */
  public String diff(RunId id) {
    try (var workspace = parts.workspaces().open(state(id).intake().workspace())) {
      return workspace.diff();
    }
  }

  /** What a run's log says of it. */
  public RunState state(RunId id) {
    return RunState.of(parts.log().read(id, 0));
  }

  private RunState inSession(RunId id, Counter counter, BiConsumer<RunSession, RunState> action) {
    var state = state(id);
    return inSession(id, counter, state.budget(), state.placement(), action);
  }

  private RunState inSession(
      RunId id,
      Counter counter,
      Amounts budget,
      Placement placement,
      BiConsumer<RunSession, RunState> action) {
    try (var _ = lock(id)) {
      var state = state(id);
      var ledger = Ledger.of(id.value(), budget, state.used());
      try (var workspace = parts.workspaces().open(state.intake().workspace());
          var run = session(state, ledger, workspace, placement, counter);
          var _ = TakeoverServer.listen(socket(id), run, acts);
          var _ = new WallClock(ledger)) {
        sessions.add(run);
        try {
          action.accept(run, state);
        } finally {
          sessions.remove(run);
        }
      }
      return state(id);
    }
  }

  private RunSession session(
      RunState state, Ledger ledger, Workspace workspace, Placement placement, Counter counter) {
    var engine = parts.engines().of(placement.layer());
    var root = parts.engines().root(placement);
    var person = new LoggedPerson(parts.log(), counter, acts);
    return new RunSession(
        state.id(),
        state.intake(),
        new RunSession.Parts(parts.log(), ledger, workspace, engine, parts.caps(), person, root),
        state.autonomy(),
        state.outcomes());
  }

  private RunLock lock(RunId id) {
    return RunLock.tryTake(parts.directory(), id)
        .orElseThrow(
            () ->
                new RunRefused(
                    "run `%s` is being executed by another process: wait for it, or take it over with `holdfast takeover %s`"
                        .formatted(id, id)));
  }
}
