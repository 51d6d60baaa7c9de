package dev.holdfast.policy.shell;

import java.util.List;

/**
 * Reads shell scripts as bash does, without running them. Never throws on any input: what it cannot
 * read is reported as unknown. Time and memory are linear in the script's length.
 */
public final class ShellReader {
  /** The longest script that is read; anything longer is unknown. */
  public static final int MAX_CHARS = 64 << 10;

  private ShellReader() {}

  /** Reads a script that bash would run. */
  public static ShellReading read(String script) {
    var collector = new Collector();
    collector.script(script, Dialect.BASH, 0);
    return collector.reading();
  }

  /** Reads a command that is run directly, without a shell. */
  public static ShellReading readArgv(List<String> argv) {
    var collector = new Collector();
    collector.guarded(
        () -> collector.run(argv.stream().map(Word::of).toList(), new Run("", false, 0)));
    return collector.reading();
  }
}
