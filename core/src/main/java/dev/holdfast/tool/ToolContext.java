package dev.holdfast.tool;

import dev.holdfast.run.RunId;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workspace.Workspace;
import java.time.Duration;
import java.util.function.Consumer;

/** What a tool may use while it runs. */
public interface ToolContext {
  RunId run();

  CallId call();

  /** The run's live workbench, with its workspace at {@code /workspace}. */
  Workbench workbench();

  Workspace workspace();

  /** The time this call has left. */
  Duration timeLeft();

  /** Shows progress to whoever watches; not part of the output. */
  Consumer<String> progress();

  /**
   * Asks the person the run acts for, and waits.
   *
   * @throws ToolFault with {@link ErrorCode#UNAVAILABLE} when nobody can answer
   */
  String ask(String question);
}
