package dev.holdfast.cli.govern;

import dev.holdfast.bench.Bench;
import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.Syntax;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast bench}: measures rows beside their peers in the same run. */
public final class BenchCommand implements Command {
  @Override
  public CommandSpec spec() {
    var spec =
        Syntax.command(
            "Measures Holdfast beside the real alternatives, in the same run.",
            "Without a row it lists the rows; `all` measures every one.");
    spec.addPositional(Syntax.rest(0, "0..*", "ROW", "What to measure."));
    spec.addOption(Syntax.option("--n", "NUMBER", String.class, "How many samples of each."));
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Context context) {
    var words = new ArrayList<>(arguments.matchedPositionalValue(0, List.<String>of()));
    if (arguments.hasMatchedOption("--n")) {
      words.add("--n");
      words.add(arguments.matchedOptionValue("--n", ""));
    }
    if (context.terminal().json()) {
      words.add("--json");
    }
    return Bench.run(words, context.terminal().out(), context.terminal().err());
  }
}
