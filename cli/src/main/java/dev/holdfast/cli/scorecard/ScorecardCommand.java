package dev.holdfast.cli.scorecard;

import static java.time.ZoneOffset.UTC;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.doctor.Equipment;
import dev.holdfast.cli.wiring.Installation;
import dev.holdfast.scorecard.Attack;
import dev.holdfast.scorecard.Attacks;
import dev.holdfast.scorecard.Scorecard;
import dev.holdfast.workbench.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast scorecard}: makes every attack on every layer that this machine has. */
public final class ScorecardCommand implements Command {
  private static final String LAYER = "--layer";
  private static final String ATTACK = "--attack";
  private static final String WRITE = "--write";

  @Override
  public CommandSpec spec() {
    return Syntax.command(
            "Makes real attacks from inside workbenches of every layer, and says what came of each.",
            "",
            "Ends with 0 when each was contained, with 5 when one got out, and with 1 when of one nobody",
            "knows. A layer that this machine has not is listed and counts for nothing; 69 when it has none.")
        .addOption(Syntax.options(LAYER, "LAYER", "Only this layer; may be repeated."))
        .addOption(Syntax.options(ATTACK, "ATTACK", "Only this attack; may be repeated."))
        .addOption(
            Syntax.option(WRITE, "FILE", String.class, "Also writes a page in Markdown there."));
  }

  @Override
  public int run(ParseResult arguments, Context context) throws IOException, InterruptedException {
    List<Layer> layers = chosen(arguments, LAYER, Layer::named, List.of(Layer.values()));
    List<Attack> attacks = chosen(arguments, ATTACK, Attacks::named, Attacks.all());
    Optional<Path> page = page(arguments, context);
    var report = new Report(context.terminal(), attacks.size());
    try (var holdfast = Installation.open(context)) {
      var card = Scorecard.make(attacks, layers, holdfast.engines(), report::judged);
      report.print(card);
      if (page.isPresent()) {
        Files.writeString(page.get(), Page.of(card, Equipment.of(context), LocalDate.now(UTC)));
      }
      return code(card).number();
    }
  }

  private static <T> List<T> chosen(
      ParseResult arguments, String option, Function<String, T> named, List<T> all) {
    try {
      var names = arguments.matchedOptionValue(option, List.<String>of());
      return names.isEmpty() ? all : names.stream().distinct().map(named).toList();
    } catch (IllegalArgumentException wrong) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
  }

  /** Attacks take minutes: what cannot be written is said before. */
  private static Optional<Path> page(ParseResult arguments, Context context) {
    if (!arguments.hasMatchedOption(WRITE)) {
      return Optional.empty();
    }
    Path file = context.resolve(arguments.matchedOptionValue(WRITE, ""));
    if (Files.isDirectory(file) || !Files.isDirectory(file.resolveSibling("."))) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "`%s` cannot be written: it must be a file in a directory that exists".formatted(file));
    }
    return Optional.of(file);
  }

  static ExitCode code(Scorecard card) {
    if (card.hasBroken()) {
      return ExitCode.ESCAPED;
    }
    if (card.hasUnclear()) {
      return ExitCode.FAILED;
    }
    return card.hasAttacked() ? ExitCode.OK : ExitCode.UNAVAILABLE;
  }
}
