package dev.holdfast.cli.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * One command of {@code holdfast}. Made when it is used and only then, so its constructor does
 * nothing.
 */
public interface Command {
  /**
   * Its options, arguments and sub-commands ({@link Syntax} has the words for them). The options
   * that every command has ({@code --help}, {@code --home}, {@code --json}, …) are added by the
   * caller.
   */
  CommandSpec spec();

  /**
   * Does it.
   *
   * @param arguments what was parsed; {@code arguments.subcommand()} for a command that has some
   * @return what the process exits with, usually an {@link ExitCode#number()}
   * @throws CommandFailure to end with a message
   * @throws Exception anything else ends with the exception's message, the core's own exceptions
   *     with {@link ExitCode#FAILED}, others as a defect
   */
  int run(ParseResult arguments, Context context) throws Exception;
}
