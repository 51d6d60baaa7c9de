package dev.holdfast.server.api;

import dev.holdfast.server.workbench.LiveWorkbench;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.ExecSpec.TerminalSize;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program to run in a workbench.
 *
 * @param directory absolute; otherwise where the workbench's programs start
 * @param terminal the size of a terminal to run it on; otherwise it has none
 * @param stdin whether input follows; it is empty otherwise
 * @param timeMs longest time it may take, in milliseconds; otherwise a day
 */
record ExecRequest(
    List<String> command,
    Map<String, String> env,
    Optional<String> directory,
    Optional<TerminalSize> terminal,
    boolean stdin,
    Optional<Long> timeMs) {
  /** A session may be long, but what nobody remembers ends some time. */
  private static final Duration LONGEST = Duration.ofDays(1);

  ExecRequest {
    command = command == null ? List.of() : List.copyOf(command);
    env = env == null ? Map.of() : Map.copyOf(env);
  }

  /** Output is carried on as it comes and held back when nobody reads, so it has no limit. */
  ExecSpec in(LiveWorkbench workbench) {
    var spec =
        workbench.spec(command).withEnv(env).withWallTime(time()).withOutputBytes(Long.MAX_VALUE);
    spec = directory.isPresent() ? spec.withDirectory(directory.get()) : spec;
    spec = stdin ? spec.withOpenStdin() : spec;
    return terminal.isPresent() ? spec.withTerminal(terminal.get()) : spec;
  }

  private Duration time() {
    var asked = timeMs.map(Duration::ofMillis).orElse(LONGEST);
    if (asked.compareTo(LONGEST) > 0 || !asked.isPositive()) {
      throw new IllegalArgumentException(
          "time of `%d` ms is not allowed: it is 1 to %d"
              .formatted(asked.toMillis(), LONGEST.toMillis()));
    }
    return asked;
  }
}
