package dev.holdfast.policy.shell;

import java.util.ArrayDeque;
import java.util.Deque;

/** Here-documents whose text has yet to come, on the lines behind the current one. */
final class HereDocuments {
  private final Source source;
  private final int depth;
  private final Deque<Pending> pending = new ArrayDeque<>();

  /** One announced here-document; filled in when its lines are read. */
  static final class Pending {
    private final Word delimiter;
    private final boolean stripTabs;
    private Word text = Word.dynamic("");

    private Pending(Word delimiter, boolean stripTabs) {
      this.delimiter = delimiter;
      this.stripTabs = stripTabs;
    }

    Word text() {
      return text;
    }
  }

  HereDocuments(Source source, int depth) {
    this.source = source;
    this.depth = depth;
  }

  Pending announce(Word delimiter, boolean stripTabs) {
    if (!delimiter.literal()) {
      throw source.error("the delimiter of a here-document is not literal");
    }
    var announced = new Pending(delimiter, stripTabs);
    pending.add(announced);
    return announced;
  }

  /** Reads the texts of all that were announced; the source stands at the start of a line. */
  void read() {
    while (!pending.isEmpty()) {
      read(pending.remove());
    }
  }

  void requireNone() {
    if (!pending.isEmpty()) {
      throw source.error("a here-document has no text");
    }
  }

  private void read(Pending document) {
    var lines = new StringBuilder();
    while (!source.atEnd()) {
      var line = document.delimiter.quoted() ? source.line() : logicalLine();
      var text = document.stripTabs ? line.replaceFirst("^\t+", "") : line;
      if (text.equals(document.delimiter.text())) {
        break;
      }
      lines.append(text).append('\n');
    }
    document.text = text(document, lines.toString());
  }

  private Word text(Pending document, String lines) {
    if (document.delimiter.quoted()) {
      return Word.of(lines);
    }
    return WordReader.hereDocument(new Source(lines, source.dialect, source.collector), depth + 1);
  }

  /** Where expansions happen, a line end behind an odd number of backslashes is removed first. */
  private String logicalLine() {
    var line = source.line();
    if (line.endsWith("\\")) {
      throw source.error("a line is continued inside a here-document");
    }
    return line;
  }
}
