package dev.holdfast.bench;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.microvm.MicrovmEngine;
import dev.holdfast.workbench.oci.OciEngine;
import dev.holdfast.workspace.WorkspaceId;
import dev.holdfast.workspace.WorkspaceSpec;
import dev.holdfast.workspace.overlay.OverlayWorkspaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** How much slower than on the host programs do their work in the workspace of a workbench. */
final class WorkRow implements Row {
  private static final int FILES = 5_000;
  private static final int FUNCTIONS = 60;
  private static final String HOST = "the host";

  private final Layer layer;
  private final double most;

  /** What programs do, as a shell's script. */
  private enum Work {
    GIT_STATUS("git status --porcelain"),
    FIND("find . -name nothing"),
    GCC("gcc -O2 -c work.c -o /dev/null"),
    FORK_EXEC("i=0; while [ $i -lt 100 ]; do /usr/bin/true; i=$((i+1)); done");

    private final String script;

    Work(String script) {
      this.script = script;
    }

    String title() {
      return switch (this) {
        case GIT_STATUS -> "git status, %,d files".formatted(FILES);
        case FIND -> "find, %,d files".formatted(FILES);
        case GCC -> "gcc -O2, %d functions".formatted(FUNCTIONS);
        case FORK_EXEC -> "100 fork+exec";
      };
    }
  }

  /** Times of each work; doing all of them once is one measurement. */
  private record Worker(Map<Work, Samples> times) {
    private interface Does {
      void run(String script) throws Exception;
    }

    Worker() {
      this(new EnumMap<>(Work.class));
    }

    long all(Does doer) throws Exception {
      long sum = 0;
      for (var work : Work.values()) {
        long nanos = Contender.timing(() -> doer.run(work.script)).once();
        times.computeIfAbsent(work, _ -> new Samples()).add(nanos);
        sum += nanos;
      }
      return sum;
    }

    /** The geometric mean over the works: none outweighs another because it takes longer. */
    double slowerThan(Worker other) {
      double logs =
          Arrays.stream(Work.values())
              .mapToDouble(work -> Math.log(p50(work) / other.p50(work)))
              .sum();
      return Math.exp(logs / Work.values().length);
    }

    double p50(Work work) {
      return Result.Unit.MILLIS.p50(Objects.requireNonNull(times.get(work)));
    }
  }

  WorkRow(Layer layer, double most) {
    this.layer = layer;
    this.most = most;
  }

  @Override
  public String name() {
    return layer + "-work";
  }

  @Override
  public String about() {
    return "git status, find, gcc and 100 fork+exec in a workspace (%s); peer: the host"
        .formatted(layer);
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    var state = setting.temporary("work");
    var engine = layer == Layer.MICROVM ? MicrovmEngine.open(state) : container(state);
    setting.ends().add("engine", engine::close);
    var repository = repository(state.resolve("repository"));
    var workbench = workbench(setting, state, engine, repository);
    var tree = state.resolve("tree").toString();
    Programs.run("git", "clone", "-q", "--local", repository.toString(), tree);
    var shell = Shell.open();
    setting.ends().add("shell", shell::close);

    var inside = new Worker();
    var outside = new Worker();
    var race =
        new Race(() -> inside.all(script -> run(workbench, script)))
            .against(
                HOST,
                () -> outside.all(script -> shell.run("sh", "-c", "cd " + tree + " && " + script)))
            .run(1, setting.rounds(20), Duration.ofMinutes(2));
    return Result.of(
        this,
        Result.Unit.MILLIS,
        race,
        Verdict.atMost(
            most,
            inside.slowerThan(outside),
            "the geometric mean of the four ≤ %.1f × the host".formatted(most)),
        Arrays.stream(Work.values())
            .map(work -> note(work, inside.p50(work), outside.p50(work)))
            .toArray(String[]::new));
  }

  private WorkbenchEngine container(Path state) {
    return layer == Layer.GVISOR ? OciEngine.openGvisor(state) : OciEngine.open(state);
  }

  private static Path repository(Path at) throws IOException, InterruptedException {
    var source = new StringBuilder();
    for (int i = 0; i < FUNCTIONS; i++) {
      source.append(
          "int f%1$d(int n) { int s = %1$d; while (n--) s += s %% (n + 3); return s; }\n"
              .formatted(i));
    }
    Files.writeString(Files.createDirectories(at).resolve("work.c"), source);
    return Repositories.make(at, FILES);
  }

  private static Workbench workbench(
      Setting setting, Path state, WorkbenchEngine engine, Path repository) {
    var workspaces = new OverlayWorkspaces(state, engine.owner());
    var id = WorkspaceId.random();
    setting.ends().add("workspace", () -> workspaces.delete(id));
    var workspace =
        workspaces.create(
            new WorkspaceSpec(
                id, repository.toString(), "HEAD", "holdfast/bench", false, 1L << 28));
    var workbench = engine.create(WorkbenchSpec.over(workspace.tree(), Caps.DEFAULT));
    setting.ends().add("workbench", workbench::close);
    return workbench;
  }

  private static void run(Workbench workbench, String script) {
    var result = workbench.exec(ExecSpec.of("sh", "-c", script));
    if (!result.succeeded()) {
      throw new BenchException(
          "`%s` ended as `%s`: %s".formatted(script, result.end(), result.stderrText()));
    }
  }

  private static String note(Work work, double inside, double outside) {
    return "%-24s %8.1f ms, the host %8.1f ms: %.2f ×"
        .formatted(work.title(), inside, outside, inside / outside);
  }
}
