package dev.holdfast.tool.builtin;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import java.time.Duration;
import java.util.List;

/** Runs programs for tools and turns every end but an exit into an error for the model. */
public final class Programs {
  /** Output that a tool reads to the end; what it then shows is far less. */
  static final long OUTPUT_BYTES = 8L << 20;

  private static final int PARTIAL_CHARACTERS = 8_000;
  private static final int SIGNAL_BASE = 128;

  private Programs() {}

  /** A spec for {@code argv} in the workspace, with the call's time and tools' output bound. */
  public static ExecSpec spec(ToolContext context, List<String> argv) {
    return ExecSpec.of(argv, Caps.DEFAULT)
        .withWallTime(context.timeLeft())
        .withOutputBytes(OUTPUT_BYTES);
  }

  /** The shorter of what the call has left and {@code seconds}. */
  public static Duration within(ToolContext context, int seconds) {
    var wanted = Duration.ofSeconds(seconds);
    return wanted.compareTo(context.timeLeft()) < 0 ? wanted : context.timeLeft();
  }

  /**
   * Runs to the end.
   *
   * @throws ToolFault when it did not end by itself, with the output so far
   */
  public static ExecResult run(ToolContext context, ExecSpec spec) {
    return ended(context.workbench().exec(spec), spec);
  }

  /** The exit code as a shell reports it. */
  public static int exitCode(End end) {
    return switch (end) {
      case End.Exited(int code) -> code;
      case End.Signalled(int signal) -> SIGNAL_BASE + signal;
      case End.TimedOut _,
          End.OutputExceeded _,
          End.OutOfMemory _,
          End.Trapped _,
          End.NotStarted _,
          End.WorkbenchLost _ ->
          -1;
    };
  }

  /**
   * The result, if the program ended by itself or by a signal.
   *
   * @throws ToolFault otherwise
   */
  public static ExecResult ended(ExecResult result, ExecSpec spec) {
    var program = spec.argv().getFirst();
    return switch (result.end()) {
      case End.Exited _, End.Signalled _ -> result;
      case End.TimedOut(Duration limit) ->
          throw fault(
              ErrorCode.TIMED_OUT,
              "`%s` was ended after %d seconds".formatted(program, limit.toSeconds()),
              "do less at once, raise the time limit, or run it in the background",
              result);
      case End.OutputExceeded(long limit) ->
          throw fault(
              ErrorCode.OUTPUT_EXCEEDED,
              "`%s` was ended: it wrote more than %d bytes".formatted(program, limit),
              "send its output into a file and read the part you need",
              result);
      case End.OutOfMemory(long limit) ->
          throw fault(
              ErrorCode.OUT_OF_MEMORY,
              "`%s` was ended: the workbench's memory of %d MiB is full"
                  .formatted(program, limit >> 20),
              "use less memory: fewer parallel jobs, smaller heaps, one part at a time",
              result);
      case End.Trapped(String reason) ->
          throw fault(
              ErrorCode.COMMAND_FAILED,
              "`%s` was stopped by its own mistake: %s".formatted(program, reason),
              "call it with other input; if that fails too, do without it",
              result);
      case End.NotStarted(String reason) ->
          throw fault(
              ErrorCode.UNAVAILABLE,
              "`%s` cannot be started: %s".formatted(program, reason),
              "use another program or tool; nothing can be installed from the network",
              result);
      case End.WorkbenchLost(String reason) ->
          throw fault(
              ErrorCode.UNAVAILABLE,
              "the workbench went away: %s".formatted(reason),
              "try once more; if it fails again, stop",
              result);
    };
  }

  /** What it wrote, both streams, clipped. */
  public static String said(ExecResult result) {
    var out = result.stdoutText();
    var err = result.stderrText();
    var both = out.isEmpty() || err.isEmpty() || out.endsWith("\n") ? out + err : out + "\n" + err;
    return Clip.middle(both, PARTIAL_CHARACTERS);
  }

  private static ToolFault fault(ErrorCode code, String message, String next, ExecResult result) {
    return new ToolFault(code, message, next, said(result));
  }
}
