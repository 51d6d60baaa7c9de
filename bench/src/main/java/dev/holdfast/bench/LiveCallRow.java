package dev.holdfast.bench;

import dev.holdfast.store.SqliteEventLog;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolCall;
import dev.holdfast.tool.gate.RunSession;
import dev.holdfast.workbench.oci.OciEngine;
import dev.holdfast.workspace.WorkspaceId;
import dev.holdfast.workspace.WorkspaceSpec;
import dev.holdfast.workspace.overlay.OverlayWorkspaces;
import java.time.Duration;
import java.util.List;

/** One call of {@code true} in a live workbench, through every gate. */
final class LiveCallRow implements Row {
  private static final int WARM_UP = 5_000;
  private static final double MOST = 1.5;
  private static final double LEAST_FASTER = 30;
  private static final int RUNTIME_EVERY = 10;
  private static final int DOCKER_EVERY = 20;
  private static final String DOCKER = "docker exec";
  private static final String FLOOR = "true by a piped shell";

  @Override
  public String name() {
    return "live-call";
  }

  @Override
  public String about() {
    return "`true` in a live workbench, all gates on, durable; peers: piped shell, fork+exec,"
        + " runc exec, crun exec, docker exec";
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    var state = setting.temporary("live");
    var engine = OciEngine.open(state);
    setting.ends().add("engine", engine::close);
    var log = new SqliteEventLog(state);
    setting.ends().add("event log", log::close);
    var workspaces = new OverlayWorkspaces(state, engine.owner());
    var id = WorkspaceId.random();
    setting.ends().add("workspace", () -> workspaces.delete(id));
    var repository = Repositories.make(state.resolve("repository"), 20).toString();
    var workspace =
        workspaces.create(
            new WorkspaceSpec(id, repository, "HEAD", "holdfast/bench", false, 1L << 28));
    var world = new GateWorld(List.of(Nothing.runningTrue()));
    var session = world.open(log, workspace, engine);
    setting.ends().add("run", session::close);

    try (var shell = PipedShell.in(session.workbench())) {
      warmUp(world, session);
      var peers = new ContainerPeers(setting, state.resolve("peers"));
      var race =
          new Race(Contender.timing(() -> call(world, session)))
              .against(FLOOR, Contender.timing(shell::runTrue))
              .against(
                  "workbench alone, no gate",
                  Contender.timing(() -> Calls.runTrue(session.workbench())))
              .against("fork+exec", Contender.timing(() -> peers.shell().run("/usr/bin/true")));
      peers.live(race, RUNTIME_EVERY, DOCKER_EVERY);
      return result(race.run(100, setting.rounds(1_000), Duration.ofSeconds(60)));
    }
  }

  private Result result(Race.Outcome race) {
    double ratio = race.ratioTo(FLOOR);
    boolean beside = race.peers().containsKey(DOCKER);
    double faster = beside ? 1 / race.ratioTo(DOCKER) : Double.NaN;
    return Result.of(
        this,
        Result.Unit.MILLIS,
        race,
        new Verdict(
            ratio,
            "p50 ≤ 1.5 × a piped shell in the same container, ≥ 30 × faster than docker exec",
            ratio <= MOST && faster >= LEAST_FASTER),
        "the workspace is saved after every call, which the peers do not do",
        beside
            ? "%.1f × faster than docker exec".formatted(faster)
            : "not compared with docker exec: the promise counts as not met");
  }

  /** A gate that serves has been compiled; the peers are compiled ahead of time. */
  private static void warmUp(GateWorld world, RunSession session) {
    for (int i = 0; i < WARM_UP; i++) {
      call(world, session);
    }
  }

  private static void call(GateWorld world, RunSession session) {
    var call = new ToolCall(CallId.random(), "run_true", Nothing.input());
    var outcome = world.gate().call(session, call);
    if (!(outcome instanceof Outcome.Completed)) {
      throw new BenchException("the measured call ended as `%s`".formatted(outcome));
    }
  }
}
