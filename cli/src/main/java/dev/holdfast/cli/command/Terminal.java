package dev.holdfast.cli.command;

import java.io.PrintStream;
import java.util.function.IntFunction;

/**
 * Where a command writes: results to {@code out}, progress and complaints to {@code err}.
 *
 * @param json whether results shall be JSON, one object a line
 * @param color whether escape sequences are wanted
 * @param screen whether stdout is a terminal, so that what is written there acts on it
 * @param interactive whether a person sits at it: stdin is a terminal too
 */
public record Terminal(
    PrintStream out,
    PrintStream err,
    boolean json,
    boolean color,
    boolean screen,
    boolean interactive) {
  /** Fillers of Hangul, the blank of Braille, the joiner of graphemes: letters without a shape. */
  private static final String HIDDEN = "\u115f\u1160\u3164\uffa0\u2800\u034f";

  /** A line of result. */
  public void line(String text) {
    out.println(text);
  }

  /** A line that is no result: progress, a warning, a hint. */
  public void note(String text) {
    err.println(text);
  }

  /** One JSON object on a line of its own, harmless for a terminal and the same for a parser. */
  public void json(Object value) {
    out.println(shown(Json.line(value), Terminal::asJson));
  }

  public String paint(Style style, String text) {
    return color ? style.paint(text) : text;
  }

  /**
   * Text from an agent, a model or a file, made harmless for a terminal: what could move the
   * cursor, retitle the window, forge a prompt, reverse the writing direction or hide is shown and
   * not sent. Line feeds and tabs stay.
   */
  public static String safe(String text) {
    return shown(text, c -> c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
  }

  private static String shown(String text, IntFunction<String> form) {
    if (text.codePoints().noneMatch(Terminal::isDangerous)) {
      return text;
    }
    var safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isDangerous(c)) {
                safe.append(form.apply(c));
              } else {
                safe.appendCodePoint(c);
              }
            });
    return safe.toString();
  }

  /** JSON has these inside strings only, where an escape means the same character. */
  private static String asJson(int c) {
    var escaped = new StringBuilder();
    for (char unit : Character.toChars(c)) {
      escaped.append("\\u%04x".formatted((int) unit));
    }
    return escaped.toString();
  }

  /**
   * Control characters (C0, DEL, C1), format characters (direction marks, zero widths, tags), line
   * separators, half characters, and what is drawn as nothing though it is a letter.
   */
  private static boolean isDangerous(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c != '\n' && c != '\t';
      case Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> HIDDEN.indexOf(c) >= 0 || (c >= 0xe0100 && c <= 0xe01ef);
    };
  }
}
