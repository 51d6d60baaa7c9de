package dev.holdfast.bench;

import dev.holdfast.store.SqliteEventLog;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolCall;
import dev.holdfast.tool.gate.RunSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** Calls that need no process, through schema, policy, budget and durable log, from many runs. */
final class GateThroughputRow implements Row {
  private static final int RUNS = 512;
  private static final double PROMISED = 40_000;
  private static final double MILLIS = 1e6;

  @Override
  public String name() {
    return "gate-throughput";
  }

  @Override
  public String about() {
    return "calls a second that need no process: schema, policy, budget, durable log";
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    var log = new SqliteEventLog(setting.temporary("gate"));
    setting.ends().add("event log", log::close);
    var world = new GateWorld(List.of(Nothing.withoutProcess()));
    var sessions = new ArrayList<RunSession>();
    for (int i = 0; i < RUNS; i++) {
      sessions.add(world.open(log, Untouched.workspace(), new Nowhere()));
    }
    int each = Math.max(1, setting.rounds(100_000) / RUNS);
    crowd(world, sessions, each, Duration.ZERO);
    var full = crowd(world, sessions, each, Duration.ZERO);
    // Every run makes its calls at a steady pace; together that is half of what is promised.
    var pace = Duration.ofNanos((long) (1e9 * RUNS / (PROMISED / 2)));
    var half = crowd(world, sessions, Math.max(1, each / 2), pace);
    return result(full, half);
  }

  private Result result(Crowd full, Crowd half) {
    double ratio = full.perSecond() / PROMISED;
    double p99 = half.samples().percentile(99) / MILLIS;
    return new Result(
        name(),
        "calls/s",
        // A rate has no distribution: both figures are the rate of the whole.
        new Result.Figures(full.perSecond(), full.perSecond(), full.samples().size()),
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        ratio,
        "40,000 calls/s on two cores; p99 ≤ 25 ms at half that load",
        ratio >= 1 && p99 <= 25,
        List.of(
            "at %s calls/s: p50 %.2f ms, p99 %.2f ms"
                .formatted(
                    Printer.number(half.perSecond()),
                    half.samples().percentile(50) / MILLIS,
                    p99)));
  }

  private record Crowd(double perSecond, Samples samples) {}

  private static Crowd crowd(GateWorld world, List<RunSession> sessions, int each, Duration pace)
      throws Exception {
    var tasks = new ArrayList<Callable<long[]>>();
    for (var session : sessions) {
      tasks.add(() -> calls(world, session, each, pace.toNanos()));
    }
    var samples = new Samples();
    long start = System.nanoTime();
    double seconds;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = threads.invokeAll(tasks);
      seconds = (System.nanoTime() - start) / 1e9;
      for (var durations : done) {
        for (long nanos : durations.get()) {
          samples.add(nanos);
        }
      }
    }
    return new Crowd(samples.size() / seconds, samples);
  }

  /** Durations from when a call was due, so that a stall counts for every call it delays. */
  private static long[] calls(GateWorld world, RunSession session, int each, long paceNanos)
      throws InterruptedException {
    var durations = new long[each];
    // Runs do not start in step.
    long due =
        System.nanoTime()
            + (paceNanos == 0 ? 0 : Math.floorMod(session.hashCode() * 31L, paceNanos));
    for (int i = 0; i < each; i++) {
      long wait = due - System.nanoTime();
      if (wait > 0) {
        Thread.sleep(Duration.ofNanos(wait));
      }
      long begun = paceNanos == 0 ? System.nanoTime() : due;
      var outcome =
          world.gate().call(session, new ToolCall(CallId.random(), "look", Nothing.input()));
      if (!(outcome instanceof Outcome.Completed)) {
        throw new BenchException("the measured call ended as `%s`".formatted(outcome));
      }
      durations[i] = System.nanoTime() - begun;
      due += paceNanos;
    }
    return durations;
  }
}
