package dev.holdfast.cli.run;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.image.Images;
import dev.holdfast.cli.wiring.Installation;
import dev.holdfast.server.workbench.EndText;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.FunctionModule;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Placement;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast exec}: one command in a fresh workbench, gone afterwards. */
public final class ExecCommand implements Command {
  @Override
  public CommandSpec spec() {
    var spec =
        Syntax.command(
            "Runs one command in a fresh workbench, and ends as the command does.",
            "It has no network, nothing of this machine but a read-only /usr, and an empty /workspace;",
            "everything is removed afterwards. On layer wasm, COMMAND is a module of this directory.");
    spec.addOption(Syntax.option("--time", "TIME", String.class, "Longest time; otherwise 10m."));
    Limits.addMemory(spec);
    Layers.addTo(spec);
    Images.addTo(spec);
    spec.addPositional(
        Syntax.rest(0, "1..*", "COMMAND", "The program and its arguments; after `--`."));
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException {
    Layers.check(arguments);
    List<String> command = arguments.matchedPositionalValue(0, List.<String>of());
    var caps = Limits.caps(arguments).withWallTime(Limits.time(arguments, "--time", "10m"));
    var image = Images.chosen(arguments, context);
    var directory = image.map(it -> it.config().directory()).filter(it -> !it.isEmpty());
    try (var holdfast = Installation.open(context)) {
      var plain = Layers.ofProgram(arguments, holdfast.placer());
      var placement = image.map(it -> plain.on(it.digest())).orElse(plain);
      var engine = holdfast.engines().of(placement.layer());
      var root = holdfast.engines().root(placement);
      try (var workbench = engine.create(WorkbenchSpec.empty(caps).on(root))) {
        var inside = wasm(placement) ? withModule(command, workbench, context) : command;
        var exec = ExecSpec.of(inside, caps);
        return report(workbench.exec(directory.map(exec::withDirectory).orElse(exec)), context);
      }
    }
  }

  private static boolean wasm(Placement placement) {
    return placement.layer() == Layer.WASM;
  }

  /** Puts the module that the command names into the workbench, where it is the only program. */
  private static List<String> withModule(
      List<String> command, Workbench workbench, Context context) {
    var file = context.directory().resolve(command.getFirst());
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > FunctionModule.MOST_BYTES) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "`%s` is no module: layer wasm runs a file of at most 8 MiB"
                .formatted(command.getFirst()));
      }
      var name = file.getFileName().toString();
      workbench.files().write(name, Files.readAllBytes(file), true);
      return Stream.concat(Stream.of(name), command.stream().skip(1)).toList();
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "`%s` cannot be read".formatted(command.getFirst()), e);
    }
  }

  private static int report(ExecResult result, Context context) {
    var terminal = context.terminal();
    if (terminal.json()) {
      terminal.json(
          Map.of(
              "end", EndText.words(result.end()),
              "stdout", result.stdoutText(),
              "stderr", result.stderrText(),
              "wall_ms", result.use().wall().toMillis()));
    } else {
      terminal.out().writeBytes(result.stdout());
      terminal.err().writeBytes(result.stderr());
    }
    if (!EndText.ownEnd(result.end())) {
      context.terminal().note("holdfast: " + EndText.words(result.end()));
    }
    return EndText.exitCode(result.end());
  }
}
