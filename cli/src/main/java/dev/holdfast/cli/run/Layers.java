package dev.holdfast.cli.run;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Placement;
import dev.holdfast.workbench.Placer;
import dev.holdfast.workbench.Workload;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The options that say on which layer a workbench is made. */
public final class Layers {
  private static final String LAYER = "--layer";
  private static final String WORKLOAD = "--workload";

  private Layers() {}

  /** Adds them. */
  public static void addTo(CommandSpec spec) {
    spec.addOption(
        Syntax.option(
            LAYER,
            "LAYER",
            String.class,
            "How the workbench is isolated: container, gvisor, microvm, docker, podman, kata, wasm."));
    spec.addOption(
        Syntax.option(
            WORKLOAD,
            "KIND",
            String.class,
            "What is isolated: local (the default), shared, multi-tenant, unknown-code, throw-away."));
  }

  /** Names that do not exist are misuse, found before anything is opened. */
  public static void check(ParseResult arguments) {
    var _ = layer(arguments);
    var _ = workload(arguments);
  }

  /** Where new work goes. */
  static Placement placement(ParseResult arguments, Placer placer) {
    return placer.place(workload(arguments), layer(arguments));
  }

  /** Where one program goes, which may be a WebAssembly module. */
  static Placement ofProgram(ParseResult arguments, Placer placer) {
    return layer(arguments).filter(asked -> asked == Layer.WASM).isPresent()
        ? placer.function(workload(arguments))
        : placement(arguments, placer);
  }

  /**
   * Where work goes on that was placed before: on the same layer, or another that was asked for, as
   * long as it is allowed for what the work was from the beginning.
   */
  static Placement again(ParseResult arguments, Placer placer, Placement before) {
    if (value(arguments, WORKLOAD).isPresent()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "`--workload` is not allowed with `--resume`: the run is of workload `%s`"
              .formatted(before.workload()));
    }
    Layer layer = layer(arguments).orElse(before.layer());
    Placement now = placer.place(before.workload(), Optional.of(layer));
    return layer == before.layer()
        ? before
        : new Placement(now.workload(), layer, now.reason(), before.image());
  }

  private static Optional<Layer> layer(ParseResult arguments) {
    return value(arguments, LAYER).map(name -> known(name, Layer::named));
  }

  private static Workload workload(ParseResult arguments) {
    return value(arguments, WORKLOAD)
        .map(name -> known(name, Workload::named))
        .orElse(Workload.LOCAL);
  }

  private static Optional<String> value(ParseResult arguments, String option) {
    return Optional.of(arguments.matchedOptionValue(option, "")).filter(text -> !text.isEmpty());
  }

  private static <T> T known(String name, Function<String, T> names) {
    try {
      return names.apply(name);
    } catch (IllegalArgumentException wrong) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
  }
}
