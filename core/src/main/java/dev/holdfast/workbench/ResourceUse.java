package dev.holdfast.workbench;

import java.time.Duration;

/**
 * What an execution used.
 *
 * @param wall from start to end
 * @param userCpu processor time in user mode, of the program and the children it waited for
 * @param systemCpu processor time in the kernel, likewise
 * @param maxResidentBytes the largest resident set of any one of these processes
 */
public record ResourceUse(
    Duration wall, Duration userCpu, Duration systemCpu, long maxResidentBytes) {
  public static final ResourceUse NONE =
      new ResourceUse(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);
}
