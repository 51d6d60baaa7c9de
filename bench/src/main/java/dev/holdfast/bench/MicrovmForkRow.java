package dev.holdfast.bench;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Checkpoints;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchCheckpoint;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.microvm.MicrovmEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** MicroVMs made from one checkpoint of files, beside as many made afresh. */
final class MicrovmForkRow implements Row {
  private static final int FORKS = 2;
  private static final double MOST = 1.2;
  private static final String FRESH = "as many made afresh, without files";

  @Override
  public String name() {
    return "microvm-fork";
  }

  @Override
  public String about() {
    return "two forks of a saved microVM, each to its first answer; peer: two made afresh";
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    Path state = setting.temporary("forks");
    var engine = MicrovmEngine.open(state);
    setting.ends().add("engine", engine::close);
    Path workspaces = Files.createDirectories(state.resolve("workspaces"));
    Checkpoints checkpoints = engine.checkpoints().orElseThrow();
    WorkbenchCheckpoint saved;
    try (var workbench = engine.create(over(workspaces, engine))) {
      Calls.runTrue(workbench);
      saved = checkpoints.take(workbench, Content.FILES);
    }
    var race =
        new Race(() -> fork(engine, checkpoints, saved, workspaces))
            .against(FRESH, () -> fresh(engine))
            .run(1, setting.rounds(10), Duration.ofSeconds(90));
    return Result.of(
        this,
        Result.Unit.MILLIS,
        race,
        Verdict.atMost(MOST, race.ratioTo(FRESH), "p50 ≤ 1.2 × made afresh"),
        "under software emulation; forks of files, not of memory");
  }

  private static WorkbenchSpec over(Path workspaces, MicrovmEngine engine) throws IOException {
    Path workspace = Files.createTempDirectory(workspaces, "w");
    Files.setAttribute(workspace, "unix:uid", engine.owner());
    Files.setAttribute(workspace, "unix:gid", engine.owner());
    return WorkbenchSpec.over(workspace, Caps.DEFAULT);
  }

  private static long fork(
      MicrovmEngine engine, Checkpoints checkpoints, WorkbenchCheckpoint saved, Path workspaces)
      throws IOException {
    var specs = new ArrayList<WorkbenchSpec>();
    for (int i = 0; i < FORKS; i++) {
      specs.add(over(workspaces, engine));
    }
    long start = System.nanoTime();
    return answered(checkpoints.fork(saved.id(), specs), start);
  }

  private static long fresh(MicrovmEngine engine) {
    long start = System.nanoTime();
    var all = new ArrayList<Workbench>();
    for (int i = 0; i < FORKS; i++) {
      all.add(engine.create(WorkbenchSpec.empty(Caps.DEFAULT)));
    }
    return answered(all, start);
  }

  private static long answered(List<Workbench> workbenches, long start) {
    workbenches.forEach(Calls::runTrue);
    long nanos = System.nanoTime() - start;
    workbenches.forEach(Workbench::close);
    return nanos;
  }
}
