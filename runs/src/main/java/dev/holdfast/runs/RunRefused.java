package dev.holdfast.runs;

/** What was asked of a run cannot be done; the message says why and what is possible. */
public final class RunRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RunRefused(String message) {
    super(message);
  }
}
