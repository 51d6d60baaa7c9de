package dev.holdfast.scorecard;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Makes attacks on workbenches of any layer and judges them, by what the attacking program saw, by
 * the bait, by the host's settings and by whether the workbench still serves afterwards.
 */
public final class Assault {
  private static final String PROGRAM = "attack";
  private static final String OUT_OF_MEMORY = "OutOfMemory";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long OUTPUT_BYTES = 4L << 20;

  private final Bait bait;
  private final Caps caps;
  private final Layer layer;

  /**
   * @param bait what is laid out on the host
   * @param caps what the attacked workbenches were given
   * @param layer what they are isolated by
   */
  public Assault(Bait bait, Caps caps, Layer layer) {
    this.bait = bait;
    this.caps = caps;
    this.layer = layer;
  }

  /** Makes one attack. Unless it was held, the workbench should not be used again. */
  public Verdict make(Attack attack, Workbench workbench) {
    HostState before = HostState.now();
    workbench.files().write(PROGRAM, Attacks.program(), true);
    var errand = new Errand(workbench.files());
    ExecResult result = run(attack, workbench, errand);
    var output = result.stdoutText();
    var harm = new ArrayList<>(bait.traces(output + result.stderrText() + errand.brought()));
    harm.addAll(before.changesTo(HostState.now()));
    Verdict verdict = attack.judge(output, layer);
    if (verdict instanceof Verdict.Broken(List<String> evidence)) {
      harm.addAll(evidence);
    }
    return harm.isEmpty() ? held(attack, verdict, result, workbench) : new Verdict.Broken(harm);
  }

  private Verdict held(Attack attack, Verdict verdict, ExecResult result, Workbench workbench) {
    if (result.end() instanceof End.OutOfMemory && attack.reasons().count(OUT_OF_MEMORY, layer)) {
      return new Verdict.Held(List.of(new Verdict.Attempt("all of it", OUT_OF_MEMORY)));
    }
    if (!(result.end() instanceof End.Exited(int code) && code == 0)) {
      return new Verdict.Unclear(
          List.of(result.end().toString(), result.stderrText(), result.stdoutText()));
    }
    return serves(workbench)
        ? verdict
        : new Verdict.Broken(List.of("the workbench serves no longer"));
  }

  private ExecResult run(Attack attack, Workbench workbench, Errand errand) {
    ExecSpec spec = program(attack);
    if (attack.manner() != Attack.Manner.BESIDE_THE_HOST) {
      return workbench.exec(spec);
    }
    var result = new CompletableFuture<ExecResult>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                result.complete(workbench.exec(spec));
              } catch (RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    while (!result.isDone()) {
      errand.run();
    }
    return result.join();
  }

  private ExecSpec program(Attack attack) {
    var argv = new ArrayList<>(List.of(WorkbenchSpec.WORKSPACE + "/" + PROGRAM, attack.name()));
    argv.addAll(bait.arguments());
    argv.add("file-bytes=" + caps.fileBytes());
    argv.add("open-files=" + caps.openFiles());
    argv.add("pids=" + caps.pids());
    argv.add("memory-bytes=" + caps.memoryBytes());
    ExecSpec spec = ExecSpec.of(argv, caps).withWallTime(PATIENCE).withOutputBytes(OUTPUT_BYTES);
    return switch (attack.manner()) {
      case PIPES, BESIDE_THE_HOST -> spec;
      case TERMINAL -> spec.withTerminal(new ExecSpec.TerminalSize(24, 80));
      case BACKGROUND -> spec.withLeftovers(ExecSpec.Leftovers.KEEP);
    };
  }

  private boolean serves(Workbench workbench) {
    ExecSpec alive = ExecSpec.of(WorkbenchSpec.WORKSPACE + "/" + PROGRAM, "alive");
    return workbench.alive() && workbench.exec(alive.withWallTime(PATIENCE)).succeeded();
  }
}
