package dev.holdfast.scorecard;

import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Attacks as WebAssembly modules, one for each attempt: one that ends its module hides no other.
 * The workspace is emptied before each.
 */
final class ModuleArms implements Arms {
  private static final String MODULE = "attack.wasm";
  private static final ModuleAttempt NOTHING = new ModuleAttempt("nothing", "sched_yield()");
  private static final String TIMED_OUT = "TimedOut";

  /** What has no end of its own gets so much. */
  private static final Duration ENDLESS = Duration.ofMillis(500);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long OUTPUT_BYTES = 4L << 20;

  /** What a workspace holds at the most, were every byte spent on names. */
  private static final int MOST_ENTRIES = 1 << 24;

  private final Map<String, String> places;

  /**
   * @param places where the bait is, by name
   */
  ModuleArms(Map<String, String> places) {
    this.places = Map.copyOf(places);
  }

  @Override
  public Blow strike(Attack attack, Workbench workbench) {
    boolean endless = attack.reasons().count(TIMED_OUT, Layer.WASM);
    var attempts = new StringBuilder();
    var loot = new StringBuilder();
    for (var attempt : attack.modules()) {
      empty(workbench);
      ExecResult result = run(attempt, workbench, endless ? ENDLESS : PATIENCE);
      attempts.append(attempt.line(result.end())).append('\n');
      loot.append(result.stdoutText()).append(result.stderrText());
    }
    empty(workbench);
    return new Blow(attempts.toString(), loot.toString(), Optional.empty());
  }

  @Override
  public boolean serves(Workbench workbench) {
    return workbench.alive() && run(NOTHING, workbench, PATIENCE).succeeded();
  }

  private ExecResult run(ModuleAttempt attempt, Workbench workbench, Duration wallTime) {
    workbench.files().write(MODULE, attempt.module(places), true);
    ExecSpec spec = ExecSpec.of(WorkbenchSpec.WORKSPACE + "/" + MODULE);
    return workbench.exec(spec.withWallTime(wallTime).withOutputBytes(OUTPUT_BYTES));
  }

  private static void empty(Workbench workbench) {
    var files = workbench.files();
    files.list(".", MOST_ENTRIES).forEach(entry -> files.delete(entry.name()));
  }
}
