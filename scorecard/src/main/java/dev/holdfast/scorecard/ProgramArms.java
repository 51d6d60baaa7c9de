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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Attacks as one static program, which makes the attempts of an attack and prints a line of each.
 */
final class ProgramArms implements Arms {
  private static final String PROGRAM = "attack";
  private static final String OUT_OF_MEMORY = "OutOfMemory";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long OUTPUT_BYTES = 4L << 20;

  private final List<String> places;
  private final Caps caps;
  private final Layer layer;

  /**
   * @param places where the bait is, as arguments of the program
   * @param caps what the attacked workbenches were given
   */
  ProgramArms(List<String> places, Caps caps, Layer layer) {
    this.places = List.copyOf(places);
    this.caps = caps;
    this.layer = layer;
  }

  @Override
  public Blow strike(Attack attack, Workbench workbench) {
    workbench.files().write(PROGRAM, Attacks.program(), true);
    var errand = new Errand(workbench.files());
    ExecResult result = run(attack, workbench, errand);
    var output = result.stdoutText();
    return new Blow(
        output, output + result.stderrText() + errand.brought(), otherwise(attack, result));
  }

  private Optional<Verdict> otherwise(Attack attack, ExecResult result) {
    if (result.end() instanceof End.OutOfMemory && attack.reasons().count(OUT_OF_MEMORY, layer)) {
      var all = new Verdict.Attempt("all of it", OUT_OF_MEMORY);
      return Optional.of(new Verdict.Held(List.of(all)));
    }
    return result.succeeded()
        ? Optional.empty()
        : Optional.of(
            new Verdict.Unclear(
                List.of(result.end().toString(), result.stderrText(), result.stdoutText())));
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
    argv.addAll(places);
    argv.add("file-bytes=" + caps.fileBytes());
    argv.add("open-files=" + caps.openFiles());
    argv.add("pids=" + caps.pids());
    argv.add("memory-bytes=" + caps.memoryBytes());
    ExecSpec spec = ExecSpec.of(argv, caps).withWallTime(PATIENCE).withOutputBytes(OUTPUT_BYTES);
    return switch (attack.manner()) {
      case PIPES, BESIDE_THE_HOST -> spec;
      case TERMINAL -> spec.withTerminal(new ExecSpec.TerminalSize(24, 80));
      case BACKGROUND -> spec.withLeftovers(ExecSpec.Leftovers.KEEP);
      case MODULES -> throw new IllegalArgumentException(attack + " is made by modules alone");
    };
  }

  @Override
  public boolean serves(Workbench workbench) {
    ExecSpec alive = ExecSpec.of(WorkbenchSpec.WORKSPACE + "/" + PROGRAM, "alive");
    return workbench.alive() && workbench.exec(alive.withWallTime(PATIENCE)).succeeded();
  }
}
