package dev.holdfast.workbench;

import java.time.Duration;

/**
 * The limits of one workbench. Every one is required: a workbench without a limit is a bug.
 *
 * @param memoryBytes memory of all processes together, tmpfs contents included
 * @param cpus processors' worth of time, for example 1.5
 * @param pids processes and threads together
 * @param fileBytes the largest single file a process may write (RLIMIT_FSIZE)
 * @param openFiles open files per process (RLIMIT_NOFILE)
 * @param tmpBytes size of the tmpfs at {@code /tmp}
 * @param outputBytes output of one execution, stdout and stderr together
 * @param wallTime longest time one execution may take
 */
public record Caps(
    long memoryBytes,
    double cpus,
    int pids,
    long fileBytes,
    int openFiles,
    long tmpBytes,
    long outputBytes,
    Duration wallTime) {
  /** What a run gets when nothing else is said: enough to build and test an ordinary project. */
  public static final Caps DEFAULT =
      new Caps(2L << 30, 2, 512, 1L << 30, 4096, 512L << 20, 1L << 20, Duration.ofMinutes(10));

  public Caps {
    positive("memoryBytes", (double) memoryBytes);
    positive("cpus", cpus);
    positive("pids", (double) pids);
    positive("fileBytes", (double) fileBytes);
    positive("openFiles", (double) openFiles);
    positive("tmpBytes", (double) tmpBytes);
    positive("outputBytes", (double) outputBytes);
    positive("wallTime", (double) wallTime.toMillis());
  }

  private static void positive(String name, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(
          "cap `%s` is `%s`: it must be above 0".formatted(name, value));
    }
  }

  /** The same caps with another memory limit. */
  public Caps withMemoryBytes(long bytes) {
    return new Caps(bytes, cpus, pids, fileBytes, openFiles, tmpBytes, outputBytes, wallTime);
  }

  /** The same caps with another limit on processes. */
  public Caps withPids(int count) {
    return new Caps(
        memoryBytes, cpus, count, fileBytes, openFiles, tmpBytes, outputBytes, wallTime);
  }

  /** The same caps with another limit on the output of one execution. */
  public Caps withOutputBytes(long bytes) {
    return new Caps(memoryBytes, cpus, pids, fileBytes, openFiles, tmpBytes, bytes, wallTime);
  }

  /** The same caps with another limit on the duration of one execution. */
  public Caps withWallTime(Duration time) {
    return new Caps(memoryBytes, cpus, pids, fileBytes, openFiles, tmpBytes, outputBytes, time);
  }
}
