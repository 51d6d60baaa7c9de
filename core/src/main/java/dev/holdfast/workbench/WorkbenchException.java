package dev.holdfast.workbench;

/** A workbench could not be made, or is gone. The message says what failed and what to do. */
public sealed class WorkbenchException extends RuntimeException permits NotOnThisLayer {
  private static final long serialVersionUID = 1L;

  public WorkbenchException(String message) {
    super(message);
  }

  public WorkbenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
