package dev.holdfast.workbench;

/** A file operation inside a workbench failed for a reason that its caller can understand. */
public final class FileError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    NOT_FOUND,
    OUTSIDE,
    IS_DIRECTORY,
    NOT_DIRECTORY,
    NOT_ALLOWED,
    NO_SPACE,
    TOO_LARGE,
    OTHER
  }

  private final Code code;
  private final String path;

  public FileError(Code code, String path, String message) {
    super(message);
    this.code = code;
    this.path = path;
  }

  public Code code() {
    return code;
  }

  public String path() {
    return path;
  }
}
