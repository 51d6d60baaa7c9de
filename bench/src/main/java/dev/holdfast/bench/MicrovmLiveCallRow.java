package dev.holdfast.bench;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.microvm.MicrovmEngine;
import java.time.Duration;

/** One call of {@code true} in a live microVM. */
final class MicrovmLiveCallRow implements Row {
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
          new Race(Contender.timing(() -> Calls.runTrue(workbench)))
              .against(FLOOR, Contender.timing(shell::runTrue))
              .run(20, setting.rounds(200), Duration.ofSeconds(60));
      return Result.of(
          this,
          Result.Unit.MILLIS,
          race,
          Verdict.atMost(
              MOST, race.ratioTo(FLOOR), "p50 ≤ 1.5 × a piped shell in the same machine"),
          "under software emulation");
    }
  }
}
