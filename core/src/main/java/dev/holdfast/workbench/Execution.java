package dev.holdfast.workbench;

import java.io.InputStream;
import java.io.OutputStream;

/** A program running inside a workbench. Closing it kills what still runs. */
public interface Execution extends AutoCloseable {
  /**
   * What the program writes to stdout; on a terminal, to both. Ends when the program's output does.
   */
  InputStream stdout();

  /** What the program writes to stderr; empty on a terminal. */
  InputStream stderr();

  /**
   * The program's stdin; writing blocks when the program does not read. Close it to end the input.
   */
  OutputStream stdin();

  /** Sends a signal, by number, to the program's process group. */
  void signal(int signal);

  /** Changes the size of the program's terminal. */
  void resize(ExecSpec.TerminalSize size);

  /** Waits for the end. Output not yet read stays readable. */
  End await();

  /** What the program used; known after {@link #await()}. */
  ResourceUse use();

  @Override
  void close();
}
