package dev.holdfast.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the operating system handed to the program.
 *
 * @param inputIsTerminal whether stdin is a terminal
 * @param outputIsTerminal whether stdout is one
 */
record Surroundings(
    Map<String, String> env,
    Path directory,
    PrintStream out,
    PrintStream err,
    boolean inputIsTerminal,
    boolean outputIsTerminal) {

  /** Those of this process. The launcher has looked which streams are terminals. */
  static Surroundings ofThisProcess() {
    var terminals = System.getProperty("holdfast.terminals", "");
    return new Surroundings(
        System.getenv(),
        Path.of("").toAbsolutePath(),
        System.out,
        System.err,
        terminals.contains("in"),
        terminals.contains("out"));
  }
}
