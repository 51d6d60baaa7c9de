package dev.holdfast.bench;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** From asking for a workbench that was started ahead to its first answer. */
final class PoolClaimRow implements Row {
  private static final double MILLIS = 1e6;
  private static final double MOST = 2;
  private static final String LIVE = "call in a live workbench";

  @Override
  public String name() {
    return "pool-claim";
  }

  @Override
  public String about() {
    return "claim a workbench held ready, with its workspace, and run `true`; peer: a live call";
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    var state = setting.temporary("pool");
    var engine = OciEngine.open(state);
    setting.ends().add("engine", engine::close);
    var workspace = Files.createDirectory(state.resolve("workspace"));
    Files.setAttribute(workspace, "unix:uid", engine.owner());
    var live = engine.create(WorkbenchSpec.over(workspace, Caps.DEFAULT));
    var race =
        new Race(() -> claim(engine, workspace))
            .against(LIVE, Contender.timing(() -> answer(live)))
            .run(10, setting.rounds(200), Duration.ofSeconds(60));
    double ratio =
        race.ours().percentile(50) / Objects.requireNonNull(race.peers().get(LIVE)).percentile(50);
    return new Result(
        name(),
        "ms",
        Result.figures(race.ours(), MILLIS),
        Result.medians(race, MILLIS),
        race.missing(),
        ratio,
        "p50 ≤ 2 × a call in a live workbench",
        ratio <= MOST,
        List.of("starting it ahead and ending it afterwards do not count"));
  }

  private static long claim(OciEngine engine, Path workspace) {
    var kind = WorkbenchKind.of(WorkbenchSpec.empty(Caps.DEFAULT));
    try (var standby = engine.standBy(kind).orElseThrow()) {
      long start = System.nanoTime();
      try (var workbench = standby.claim(workspace)) {
        answer(workbench);
        return System.nanoTime() - start;
      }
    }
  }

  private static void answer(Workbench workbench) {
    if (!workbench.exec(ExecSpec.of("true")).succeeded()) {
      throw new BenchException("`true` failed in the workbench");
    }
  }
}
