package dev.holdfast.tool.gate;

/** A person stopped the run: nothing new begins. Whoever executes the run records that. */
public final class RunStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunStopped() {
    super("a person stopped the run");
  }
}
