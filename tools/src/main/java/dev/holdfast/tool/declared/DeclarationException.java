package dev.holdfast.tool.declared;

/** A declaration cannot be used. The message names the file, the line and what is allowed. */
public final class DeclarationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String place;

  /**
   * @param file as people know it
   * @param line from 1; 0 when the whole file is meant
   */
  DeclarationException(String file, int line, String message) {
    super(place(file, line) + ": " + message);
    this.place = place(file, line);
  }

  /** File and line. */
  public String place() {
    return place;
  }

  private static String place(String file, int line) {
    return line > 0 ? file + ":" + line : file;
  }
}
