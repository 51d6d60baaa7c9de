package dev.holdfast.bench;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.microvm.MicrovmEngine;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** One call of {@code true} in a live microVM. */
final class MicrovmLiveCallRow implements Row {
  private static final double MILLIS = 1e6;
  private static final double MOST = 1.5;
  private static final String FLOOR = "true by a piped shell";

  @Override
  public String name() {
    return "microvm-live-call";
  }

  @Override
  public String about() {
    return "`true` in a live microVM, without the gates; peer: piped shell in the same one";
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    var engine = MicrovmEngine.open(setting.temporary("microvm"));
    setting.ends().add("engine", engine::close);
    var workbench = engine.create(WorkbenchSpec.empty(Caps.DEFAULT));
    try (var shell = PipedShell.in(workbench)) {
      var race =
          new Race(Contender.timing(() -> workbench.exec(ExecSpec.of("true"))))
              .against(FLOOR, Contender.timing(shell::runTrue))
              .run(20, setting.rounds(200), Duration.ofSeconds(60));
      double ratio =
          race.ours().percentile(50)
              / Objects.requireNonNull(race.peers().get(FLOOR)).percentile(50);
      return new Result(
          name(),
          "ms",
          Result.figures(race.ours(), MILLIS),
          Result.medians(race, MILLIS),
          race.missing(),
          ratio,
          "p50 ≤ 1.5 × a piped shell in the same machine",
          ratio <= MOST,
          List.of("under software emulation"));
    }
  }
}
