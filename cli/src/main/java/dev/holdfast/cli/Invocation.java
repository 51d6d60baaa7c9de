package dev.holdfast.cli;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.image.ImageException;
import dev.holdfast.run.EventLogException;
import dev.holdfast.runs.RunRefused;
import dev.holdfast.server.ServerException;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workspace.WorkspaceException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** One command, ready to be parsed and run. */
record Invocation(Command command, CommandLine line) {

  static Invocation of(CommandName name) {
    var command = name.load();
    return new Invocation(command, new CommandLine(spec(name, command)));
  }

  private static CommandSpec spec(CommandName name, Command command) {
    var spec = command.spec();
    spec.name("holdfast " + name.typed());
    GlobalOptions.addTo(spec);
    return spec;
  }

  int run(List<String> arguments, Surroundings around) {
    line.setCaseInsensitiveEnumValuesAllowed(true);
    try {
      var parsed = line.parseArgs(arguments.toArray(String[]::new));
      var innermost = innermost(parsed);
      if (innermost.isUsageHelpRequested()) {
        innermost.commandSpec().commandLine().usage(around.out(), Ansi.OFF);
        return ExitCode.OK.number();
      }
      return perform(parsed, around);
    } catch (ParameterException e) {
      return misused(e, around);
    }
  }

  private static ParseResult innermost(ParseResult parsed) {
    return parsed.hasSubcommand() ? innermost(parsed.subcommand()) : parsed;
  }

  private int perform(ParseResult parsed, Surroundings around) {
    var debug = GlobalOptions.last(parsed, "--debug") != null;
    try {
      return command.run(parsed, GlobalOptions.context(parsed, around));
    } catch (CommandFailure e) {
      return failed(e.code(), e, debug, around);
    } catch (WorkbenchException
        | WorkspaceException
        | ImageException
        | EventLogException
        | ServerException e) {
      return failed(ExitCode.FAILED, e, debug, around);
    } catch (RunRefused e) {
      return failed(ExitCode.REFUSED, e, debug, around);
    } catch (InterruptedException e) {
      return failed(ExitCode.INTERRUPTED, e, debug, around);
    } catch (ParameterException e) {
      return misused(e, around);
    } catch (Exception e) {
      // Whatever else escapes is a defect: the command ends, and says that it is one.
      return failed(ExitCode.INTERNAL, e, debug, around);
    }
  }

  private static int failed(ExitCode code, Exception e, boolean debug, Surroundings around) {
    var message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    // A message may quote what an agent wrote: a path, a program's words.
    around.err().println("holdfast: " + Terminal.safe(message));
    if (debug) {
      e.printStackTrace(around.err());
    } else if (code == ExitCode.INTERNAL) {
      around.err().println("holdfast: this is a defect; `--debug` shows where");
    }
    return code.number();
  }

  private static int misused(ParameterException e, Surroundings around) {
    var name = e.getCommandLine().getCommandSpec().qualifiedName();
    around.err().println("holdfast: %s; see `%s --help`".formatted(complaint(e), name));
    return ExitCode.USAGE.number();
  }

  private static String complaint(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      var word = unmatched.getUnmatched().getFirst();
      if (word.startsWith("-") && runsAProgram(e)) {
        return "option `%s` is unknown: a program's own come after `--`".formatted(word);
      }
      var known = word.startsWith("-") ? options(e) : subcommands(e);
      var near = Spelling.nearest(word, known).map(", did you mean `%s`?"::formatted).orElse("");
      var what = word.startsWith("-") ? "option" : known.isEmpty() ? "argument" : "sub-command";
      return "%s `%s` is unknown%s".formatted(what, word, near);
    }
    var message = String.valueOf(e.getMessage()).strip();
    return Character.toLowerCase(message.charAt(0)) + message.substring(1).replace('\'', '`');
  }

  private static boolean runsAProgram(ParameterException e) {
    return e.getCommandLine().getCommandSpec().positionalParameters().stream()
        .anyMatch(word -> word.paramLabel().equals("COMMAND"));
  }

  private static List<String> options(ParameterException e) {
    return e.getCommandLine().getCommandSpec().options().stream()
        .flatMap(option -> List.of(option.names()).stream())
        .toList();
  }

  private static List<String> subcommands(ParameterException e) {
    return List.copyOf(e.getCommandLine().getSubcommands().keySet());
  }
}
