package dev.holdfast.tool;

/** Thrown by a tool to fail with an error for the model. */
public final class ToolFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ToolError error;

  public ToolFault(ErrorCode code, String message, String next) {
    super(message);
    this.error = new ToolError(code, message, next);
  }

  public ToolError error() {
    return error;
  }
}
