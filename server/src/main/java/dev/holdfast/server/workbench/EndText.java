package dev.holdfast.server.workbench;

import dev.holdfast.workbench.End;
import java.util.Map;

/** What commands say of a program's end, and what they end with themselves. */
public final class EndText {
  private static final int FAILED = 1;
  private static final int BY_SIGNAL = 128;

  private EndText() {}

  /**
   * The program's own code; 128 and the signal; 1 when it was not the program that ended itself.
   */
  public static int exitCode(End end) {
    return switch (end) {
      case End.Exited(int code) -> code;
      case End.Signalled(int signal) -> BY_SIGNAL + signal;
      case End.TimedOut _, End.OutputExceeded _, End.OutOfMemory _ -> FAILED;
      case End.Trapped _, End.NotStarted _, End.WorkbenchLost _ -> FAILED;
    };
  }

  /** Whether the program ended by itself or by a signal, which its exit code tells already. */
  public static boolean ownEnd(End end) {
    return end instanceof End.Exited || end instanceof End.Signalled;
  }

  /** As the API shows it. */
  public static Map<String, Object> view(End end) {
    return Map.of("exit_code", exitCode(end), "own", ownEnd(end), "message", words(end));
  }

  public static String words(End end) {
    return switch (end) {
      case End.Exited(int code) -> "exited " + code;
      case End.Signalled(int signal) -> "ended by signal " + signal;
      case End.TimedOut(var limit) -> "killed: it ran longer than " + limit.toSeconds() + " s";
      case End.OutputExceeded(long limit) -> "killed: it wrote more than " + limit + " bytes";
      case End.OutOfMemory(long limit) -> "killed: it used more than " + limit + " bytes of memory";
      case End.Trapped(String reason) -> "trapped: " + reason;
      case End.NotStarted(String reason) -> "not started: " + reason;
      case End.WorkbenchLost(String reason) -> "the workbench is gone: " + reason;
    };
  }
}
