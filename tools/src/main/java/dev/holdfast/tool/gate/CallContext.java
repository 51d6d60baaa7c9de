package dev.holdfast.tool.gate;

import dev.holdfast.run.RunId;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workspace.Workspace;
import java.time.Duration;
import java.util.function.Consumer;

/** What one call of a tool sees of its run. */
record CallContext(RunSession session, CallId call, Duration limit, long startedNanos)
    implements ToolContext {
  CallContext(RunSession session, CallId call, Duration limit) {
    this(session, call, limit, System.nanoTime());
  }

  @Override
  public RunId run() {
    return session.id();
  }

  @Override
  public Workbench workbench() {
    return session.workbench();
  }

  @Override
  public Workspace workspace() {
    return session.workspace();
  }

  @Override
  public Duration timeLeft() {
    var left = limit.minusNanos(System.nanoTime() - startedNanos);
    return left.isNegative() ? Duration.ZERO : left;
  }

  @Override
  public Consumer<String> progress() {
    return text -> session.person().progress(session, call, text);
  }

  @Override
  public String ask(String question) {
    return session
        .person()
        .ask(session, call, question)
        .orElseThrow(
            () ->
                new ToolFault(
                    ErrorCode.UNAVAILABLE,
                    "nobody is there to answer",
                    "decide yourself, and say in submit_change what you assumed"));
  }
}
