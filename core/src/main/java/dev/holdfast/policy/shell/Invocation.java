package dev.holdfast.policy.shell;

import java.util.List;

/**
 * A program, builtin or function that a script would run.
 *
 * @param program as it is spelled, with its directories if any
 */
public record Invocation(String program, List<Word> arguments) {
  public Invocation {
    arguments = List.copyOf(arguments);
  }

  /** The program's name without directories. */
  public String name() {
    return program.substring(program.lastIndexOf('/') + 1);
  }
}
