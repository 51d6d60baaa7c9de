package dev.holdfast.cli.run;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Placement;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The option that says on which layer a workbench is made. */
final class Layers {
  private static final String OPTION = "--layer";

  private Layers() {}

  static OptionSpec option() {
    return Syntax.option(
        OPTION,
        "LAYER",
        String.class,
        "How the workbench is isolated: container, gvisor, microvm, docker, podman, kata or wasm.");
  }

  static Placement placement(ParseResult arguments) {
    return placement(arguments, Placement.DEFAULT);
  }

  /** What was asked for, or else {@code otherwise}. */
  static Placement placement(ParseResult arguments, Placement otherwise) {
    String name = arguments.matchedOptionValue(OPTION, "");
    if (name.isEmpty()) {
      return otherwise;
    }
    try {
      return new Placement(Layer.named(name), "asked for with --layer", otherwise.image());
    } catch (IllegalArgumentException wrong) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
  }
}
