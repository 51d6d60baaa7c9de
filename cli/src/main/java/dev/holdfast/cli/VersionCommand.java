package dev.holdfast.cli;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast version}. */
final class VersionCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Syntax.command("Prints the version of Holdfast and of the Java that runs it.");
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    var version = version();
    var java = Runtime.version().toString();
    if (context.terminal().json()) {
      context.terminal().json(Map.of("version", version, "java", java));
    } else {
      context.terminal().line("holdfast %s (java %s)".formatted(version, java));
    }
    return ExitCode.OK.number();
  }

  /** From the jar's manifest; a class directory has none. */
  private static String version() {
    return Objects.requireNonNullElse(
        Main.class.getPackage().getImplementationVersion(), "development");
  }
}
