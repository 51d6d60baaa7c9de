package dev.holdfast.workbench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program to run inside a workbench.
 *
 * @param argv program and arguments; looked up in the inside's {@code PATH} when without a slash
 * @param env added to the workbench's environment
 * @param directory working directory, absolute inside the workbench
 * @param stdin given to the program at once, then closed, unless {@code keepStdin}
 * @param keepStdin leave stdin open for {@link Execution#stdin()}
 * @param terminal run on a PTY of this size, stdout and stderr as one stream
 * @param wallTime longest time it may take
 * @param outputBytes most output it may produce, both streams together
 * @param leftovers what happens to processes it leaves behind
 */
public record ExecSpec(
    List<String> argv,
    Map<String, String> env,
    String directory,
    byte[] stdin,
    boolean keepStdin,
    Optional<TerminalSize> terminal,
    Duration wallTime,
    long outputBytes,
    Leftovers leftovers) {

  /** Processes that a finished program leaves behind. */
  public enum Leftovers {
    /** They are killed when the program ends. */
    KILL,
    /** They go on: background servers, watchers. */
    KEEP
  }

  /** Size of a terminal in character cells. */
  public record TerminalSize(int rows, int columns) {
    public TerminalSize {
      if (rows < 1 || rows > 10_000 || columns < 1 || columns > 10_000) {
        throw new IllegalArgumentException(
            "terminal size `%dx%d` is not allowed: rows and columns are 1 to 10000"
                .formatted(rows, columns));
      }
    }
  }

  public ExecSpec {
    argv = List.copyOf(argv);
    env = Map.copyOf(env);
    if (argv.isEmpty() || argv.getFirst().isEmpty()) {
      throw new IllegalArgumentException("argv is empty: it must name a program");
    }
    if (!directory.startsWith("/")) {
      throw new IllegalArgumentException(
          "directory `%s` is not allowed: it must be absolute".formatted(directory));
    }
  }

  /** Runs {@code argv} in the workspace with the default caps, no stdin and no terminal. */
  public static ExecSpec of(String... argv) {
    return of(List.of(argv), Caps.DEFAULT);
  }

  /** Runs {@code argv} in the workspace, bounded by {@code caps}, no stdin and no terminal. */
  public static ExecSpec of(List<String> argv, Caps caps) {
    return new ExecSpec(
        argv,
        Map.of(),
        WorkbenchSpec.WORKSPACE,
        new byte[0],
        false,
        Optional.empty(),
        caps.wallTime(),
        caps.outputBytes(),
        Leftovers.KILL);
  }

  public ExecSpec withStdin(byte[] bytes) {
    return new ExecSpec(
        argv, env, directory, bytes, keepStdin, terminal, wallTime, outputBytes, leftovers);
  }

  public ExecSpec withOpenStdin() {
    return new ExecSpec(
        argv, env, directory, stdin, true, terminal, wallTime, outputBytes, leftovers);
  }

  public ExecSpec withEnv(Map<String, String> more) {
    return new ExecSpec(
        argv, more, directory, stdin, keepStdin, terminal, wallTime, outputBytes, leftovers);
  }

  public ExecSpec withDirectory(String other) {
    return new ExecSpec(
        argv, env, other, stdin, keepStdin, terminal, wallTime, outputBytes, leftovers);
  }

  public ExecSpec withTerminal(TerminalSize size) {
    return new ExecSpec(
        argv, env, directory, stdin, true, Optional.of(size), wallTime, outputBytes, leftovers);
  }

  public ExecSpec withWallTime(Duration limit) {
    return new ExecSpec(
        argv, env, directory, stdin, keepStdin, terminal, limit, outputBytes, leftovers);
  }

  public ExecSpec withOutputBytes(long limit) {
    return new ExecSpec(
        argv, env, directory, stdin, keepStdin, terminal, wallTime, limit, leftovers);
  }

  public ExecSpec withLeftovers(Leftovers choice) {
    return new ExecSpec(
        argv, env, directory, stdin, keepStdin, terminal, wallTime, outputBytes, choice);
  }
}
