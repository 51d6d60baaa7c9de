package dev.holdfast.policy.shell;

/** A script's text and how far it has been read. */
final class Source {
  /** Stands for the end of the text; a script cannot contain it. */
  static final char END = '\0';

  final Dialect dialect;
  final Collector collector;
  private final String text;
  private int position;

  Source(String text, Dialect dialect, Collector collector) {
    if (text.indexOf(END) >= 0) {
      throw new Unreadable("the script contains a zero byte");
    }
    this.text = text;
    this.dialect = dialect;
    this.collector = collector;
  }

  char peek() {
    return peek(0);
  }

  char peek(int ahead) {
    return position + ahead < text.length() ? text.charAt(position + ahead) : END;
  }

  char next() {
    if (position >= text.length()) {
      throw error("the script ends too early");
    }
    return text.charAt(position++);
  }

  boolean atEnd() {
    return position >= text.length();
  }

  boolean startsWith(String prefix) {
    return text.startsWith(prefix, position);
  }

  boolean accept(String prefix) {
    if (startsWith(prefix)) {
      position += prefix.length();
      return true;
    }
    return false;
  }

  void expect(String what) {
    if (!accept(what)) {
      throw error("expected `%s`".formatted(what));
    }
  }

  int position() {
    return position;
  }

  void back(int to) {
    position = to;
  }

  /** Steps back onto the line end that was just passed, if there was one. */
  void backToLineEnd() {
    if (position > 0 && text.charAt(position - 1) == '\n') {
      position--;
    }
  }

  String since(int start) {
    return text.substring(start, position);
  }

  /** Reads up to the end of the line, and past it. */
  String line() {
    var end = text.indexOf('\n', position);
    var line = end < 0 ? text.substring(position) : text.substring(position, end);
    position = end < 0 ? text.length() : end + 1;
    return line;
  }

  /** Skips blanks, escaped line ends and a comment. */
  void blanks() {
    while (accept("\\\n") || peek() == ' ' || peek() == '\t') {
      if (peek() == ' ' || peek() == '\t') {
        position++;
      }
    }
    if (peek() == '#') {
      var end = text.indexOf('\n', position);
      position = end < 0 ? text.length() : end;
    }
  }

  Unreadable error(String what) {
    return new Unreadable("cannot be parsed: %s, at character %d".formatted(what, position));
  }
}
