package dev.holdfast.cli;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.command.Terminal;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options that every command has, before or after its name. */
final class GlobalOptions {
  /** Those that take a value: the finder of the command's name must step over it. */
  static final Set<String> WITH_VALUE = Set.of("--home", "--color");

  private GlobalOptions() {}

  /** Adds them to a command and to its sub-commands. */
  static void addTo(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .type(boolean.class)
            .usageHelp(true)
            .description("Shows this help.")
            .build());
    spec.addOption(
        Syntax.option(
            "--home",
            "DIR",
            String.class,
            "Where state is kept; otherwise $HOLDFAST_HOME, otherwise ~/.holdfast."));
    spec.addOption(Syntax.flag("--json", "Prints results as JSON, one object a line."));
    spec.addOption(
        OptionSpec.builder("--color")
            .type(When.class)
            .arity("1")
            .paramLabel("WHEN")
            .completionCandidates(Set.of("auto", "always", "never"))
            .description("auto, always or never; otherwise as $NO_COLOR and the terminal say.")
            .build());
    spec.addOption(Syntax.flag("--debug", "Shows where an error came from."));
    spec.subcommands().values().forEach(sub -> addTo(sub.getCommandSpec()));
  }

  /** Whether output is coloured. */
  enum When {
    AUTO,
    ALWAYS,
    NEVER
  }

  static Context context(ParseResult parsed, Surroundings around) {
    var home = home(last(parsed, "--home"), around);
    When when = last(parsed, "--color") instanceof When given ? given : When.AUTO;
    var terminal =
        new Terminal(
            around.out(),
            around.err(),
            last(parsed, "--json") != null,
            colored(when, around),
            around.outputIsTerminal(),
            around.inputIsTerminal() && around.outputIsTerminal());
    return new Context(home, terminal, around.directory(), around.env());
  }

  /** An option's value, wherever along the chain of sub-commands it was given. */
  static @Nullable Object last(ParseResult parsed, String option) {
    Object value = parsed.hasMatchedOption(option) ? parsed.matchedOptionValue(option, true) : null;
    if (parsed.hasSubcommand()) {
      var inner = last(parsed.subcommand(), option);
      return inner == null ? value : inner;
    }
    return value;
  }

  private static boolean colored(When when, Surroundings around) {
    return switch (when) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO ->
          around.outputIsTerminal()
              && around.env().getOrDefault("NO_COLOR", "").isEmpty()
              && !around.env().getOrDefault("TERM", "").equals("dumb");
    };
  }

  private static Path home(@Nullable Object option, Surroundings around) {
    if (option instanceof String given) {
      return around.directory().resolve(given).normalize();
    }
    var variable = around.env().getOrDefault("HOLDFAST_HOME", "");
    if (!variable.isEmpty()) {
      return around.directory().resolve(variable).normalize();
    }
    var user = around.env().getOrDefault("HOME", "");
    if (user.isEmpty()) {
      user = System.getProperty("user.home", "");
    }
    if (!user.startsWith("/")) {
      throw new CommandFailure(
          ExitCode.USAGE, "there is no home directory `%s`: set HOLDFAST_HOME".formatted(user));
    }
    return Path.of(user, ".holdfast");
  }
}
