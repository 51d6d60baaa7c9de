package dev.holdfast.workbench;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Everything that a function is given.
 *
 * @param arguments after its name
 * @param env its whole environment
 * @param files contents by path relative to {@code /workspace}; the function sees copies, which it
 *     cannot change. Without any, it has no file system at all
 */
public record FunctionCall(
    List<String> arguments,
    Map<String, String> env,
    byte[] stdin,
    Map<String, byte[]> files,
    Limits limits,
    Clock clock,
    Chance chance) {
  /** What it learns of time. */
  public enum Clock {
    /** There is none: asking for the time fails. */
    NONE,
    /** The same in every call: it starts in 2000, steps on when looked at, and sleep skips it. */
    FIXED,
    /** The machine's. */
    REAL
  }

  /** What it learns of chance. */
  public enum Chance {
    /** There is none: asking for random bytes fails. */
    NONE,
    /** The same bytes in every call of the module. */
    SEEDED,
    /** The machine's. */
    REAL
  }

  /**
   * The most that a call may take.
   *
   * @param memoryBytes of its linear memory, 64 KiB to {@link #MOST_MEMORY}
   * @param outputBytes of stdout and stderr together
   */
  public record Limits(long memoryBytes, Duration wallTime, long outputBytes) {
    public static final long MOST_MEMORY = 512L << 20;

    /** What a tool gets when nothing else is said. */
    public static final Limits DEFAULT = new Limits(64L << 20, Duration.ofSeconds(10), 1L << 20);

    public Limits {
      if (memoryBytes < 1 << 16 || memoryBytes > MOST_MEMORY) {
        throw new IllegalArgumentException(
            "a function's memory of `%d` bytes is not allowed: it is 65536 to %d"
                .formatted(memoryBytes, MOST_MEMORY));
      }
      if (!wallTime.isPositive() || outputBytes < 1) {
        throw new IllegalArgumentException(
            "a function's limits of `%s` and `%d` bytes are not allowed: they must be above 0"
                .formatted(wallTime, outputBytes));
      }
    }
  }

  public FunctionCall {
    arguments = List.copyOf(arguments);
    env = Map.copyOf(env);
    files = Map.copyOf(files);
  }

  /** A call with arguments and stdin, and nothing else. */
  public static FunctionCall of(List<String> arguments, byte[] stdin, Limits limits) {
    return new FunctionCall(arguments, Map.of(), stdin, Map.of(), limits, Clock.NONE, Chance.NONE);
  }

  /** The same with other senses. */
  public FunctionCall with(Clock time, Chance luck) {
    return new FunctionCall(arguments, env, stdin, files, limits, time, luck);
  }

  /** The same with files. */
  public FunctionCall with(Map<String, byte[]> given) {
    return new FunctionCall(arguments, env, stdin, given, limits, clock, chance);
  }
}
