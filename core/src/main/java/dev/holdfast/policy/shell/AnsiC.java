package dev.holdfast.policy.shell;

/** Reads {@code $'…'} strings. */
final class AnsiC {
  private final Source source;
  private final StringBuilder text = new StringBuilder();

  private AnsiC(Source source) {
    this.source = source;
  }

  /** Reads on behind the opening quote, past the closing one. */
  static String read(Source source) {
    return new AnsiC(source).body();
  }

  private String body() {
    source.collector.bashOnly(source.dialect, "`$'…'`");
    for (var c = source.next(); c != '\''; c = source.next()) {
      if (c == '\\') {
        escape(source.next());
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private void escape(char c) {
    switch (c) {
      case 'n' -> text.append('\n');
      case 't' -> text.append('\t');
      case 'r' -> text.append('\r');
      case 'a' -> text.append('\u0007');
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'v' -> text.append('\u000b');
      case 'e', 'E' -> text.append('\u001b');
      case '\\', '\'', '"', '?' -> text.append(c);
      case 'x' -> code(digits(16, 2));
      case 'u' -> code(digits(16, 4));
      case 'U' -> code(digits(16, 8));
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        source.back(source.position() - 1);
        code(digits(8, 3));
      }
      default -> throw source.error("the escape `\\%s` is not known".formatted(c));
    }
  }

  private String digits(int radix, int most) {
    var digits = new StringBuilder();
    while (digits.length() < most && Character.digit(source.peek(), radix) >= 0) {
      digits.append(source.next());
    }
    var value = digits.isEmpty() ? -1 : Long.parseLong(digits.toString(), radix);
    // Zero ends the string in bash; above ASCII, bytes and characters are not the same thing.
    if (value < 1 || value > 0x7f) {
      throw source.error("the escape `%s` is not an ASCII character".formatted(digits));
    }
    return Character.toString((int) value);
  }

  private void code(String character) {
    text.append(character);
  }
}
