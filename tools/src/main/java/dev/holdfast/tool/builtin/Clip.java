package dev.holdfast.tool.builtin;

/** Keeps the beginning and the end of a text: errors tend to stand at one of them. */
public final class Clip {
  private Clip() {}

  /** At most about {@code most} characters, the middle replaced by a line that says how much. */
  public static String middle(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int head = whole(text, lineEnd(text, most / 3));
    int tail = whole(text, text.length() - most * 2 / 3);
    return text.substring(0, head)
        + "\n… %d characters left out …\n".formatted(tail - head)
        + text.substring(tail);
  }

  /** The last {@code most} characters. */
  static String tail(String text, int most) {
    return text.length() <= most ? text : "… " + text.substring(whole(text, text.length() - most));
  }

  /** The first {@code most} characters. */
  public static String head(String text, int most) {
    return text.length() <= most ? text : text.substring(0, whole(text, most)) + "…";
  }

  private static int lineEnd(String text, int near) {
    int end = text.lastIndexOf('\n', near);
    return end > near / 2 ? end : near;
  }

  /** Never between the halves of a surrogate pair. */
  private static int whole(String text, int at) {
    return at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
  }
}
