package dev.holdfast.cli.command;

import java.io.PrintStream;

/**
 * Where a command writes: results to {@code out}, progress and complaints to {@code err}.
 *
 * @param json whether results shall be JSON, one object a line
 * @param color whether escape sequences are wanted
 * @param interactive whether a person sits at it: stdin and stdout are a terminal
 */
public record Terminal(
    PrintStream out, PrintStream err, boolean json, boolean color, boolean interactive) {

  /** A line of result. */
  public void line(String text) {
    out.println(text);
  }

  /** A line that is no result: progress, a warning, a hint. */
  public void note(String text) {
    err.println(text);
  }

  /** One JSON object on a line of its own. */
  public void json(Object value) {
    out.println(Json.line(value));
  }

  public String paint(Style style, String text) {
    return color ? style.paint(text) : text;
  }

  /**
   * Text from an agent, a model or a file, made harmless for a terminal: control characters, which
   * could move the cursor, retitle the window or forge a prompt, are shown and not sent; so are the
   * marks that reverse the writing direction. Line feeds and tabs stay.
   */
  public static String safe(String text) {
    var safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n' || c == '\t' || !dangerous(c)) {
                safe.appendCodePoint(c);
              } else {
                safe.append("\\u%04x".formatted(c));
              }
            });
    return safe.toString();
  }

  private static boolean dangerous(int c) {
    return Character.isISOControl(c)
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x200e
        || c == 0x200f
        || c == 0x2028
        || c == 0x2029;
  }
}
