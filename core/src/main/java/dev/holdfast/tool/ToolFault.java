package dev.holdfast.tool;

/** Thrown by a tool to fail with an error for the model. */
public final class ToolFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ToolError error;
  private final String partial;

  public ToolFault(ErrorCode code, String message, String next) {
    this(code, message, next, "");
  }

  /** A fault after which {@code partial} is what the call had already said. */
  public ToolFault(ErrorCode code, String message, String next, String partial) {
    super(message);
    this.error = new ToolError(code, message, next);
    this.partial = partial;
  }

  public ToolError error() {
    return error;
  }

  /** Output from before the fault, clipped; empty when there was none. */
  public String partial() {
    return partial;
  }
}
