package dev.holdfast.policy.shell;

import java.util.ArrayList;
import java.util.List;

/** Reads assignments, words and redirections up to the end of a simple command. */
final class SimpleCommand {
  private final Source source;
  private final int depth;
  private final HereDocuments hereDocuments;
  private final Redirections redirections;
  private final List<Word> words = new ArrayList<>();
  private boolean assignments;

  SimpleCommand(Source source, int depth, HereDocuments hereDocuments) {
    this.source = source;
    this.depth = depth;
    this.hereDocuments = hereDocuments;
    this.redirections = new Redirections(source, depth, hereDocuments);
  }

  /** Reads the command; when it turns out to define a function, {@code body} reads that. */
  void read(Runnable body) {
    var start = source.position();
    while (!ends()) {
      if (!redirections.accept()) {
        item();
      }
      source.blanks();
    }
    if (source.peek() == '(' && words.size() == 1 && !assignments) {
      define(body);
      return;
    }
    if (source.position() == start) {
      throw source.error("unexpected `%s`".formatted(source.atEnd() ? "end" : source.peek()));
    }
    if (!words.isEmpty()) {
      run();
    }
  }

  private void define(Runnable body) {
    source.expect("(");
    source.blanks();
    source.expect(")");
    body.run();
  }

  private boolean ends() {
    var c = source.peek();
    if (c == '&') {
      return source.peek(1) != '>';
    }
    return source.atEnd() || "\n;|()".indexOf(c) >= 0;
  }

  private void item() {
    var start = source.position();
    if (words.isEmpty() && assignment()) {
      assignments = true;
      return;
    }
    var word = WordReader.read(source, depth);
    if (source.position() == start) {
      throw source.error("unexpected `%s`".formatted(source.peek()));
    }
    words.add(word);
  }

  private boolean assignment() {
    var start = source.position();
    while (Names.isNamePart(source.peek())) {
      source.next();
    }
    var name = source.since(start);
    source.accept("+");
    if (!Names.isName(name) || !source.accept("=")) {
      source.back(start);
      return false;
    }
    if (source.accept("(")) {
      array();
      source.collector.assigned(name, false);
    } else {
      value(name);
    }
    return true;
  }

  private void value(String name) {
    var start = source.position();
    var value = WordReader.read(source, depth);
    var arithmetic = source.since(start).matches("\\$\\(\\([^()]*\\)\\)");
    var number = value.literal() && Names.isNumber(value.text());
    source.collector.assigned(name, arithmetic || number);
  }

  private void array() {
    source.collector.bashOnly(source.dialect, "an array");
    newlines();
    while (!source.accept(")")) {
      var start = source.position();
      WordReader.read(source, depth);
      if (source.position() == start || source.since(start).startsWith("[")) {
        throw source.error("an array is not understood");
      }
      newlines();
    }
  }

  private void newlines() {
    source.blanks();
    while (source.accept("\n")) {
      source.blanks();
    }
  }

  /** Runs now; with a here-document, its text has to be read first. */
  private void run() {
    if (redirections.awaitsDocument() && source.accept("\n")) {
      hereDocuments.read();
      // The parser goes on at a line end, as behind any other command.
      source.backToLineEnd();
    }
    var input = redirections.input();
    var run =
        input != null && input.literal()
            ? new Run(input.text(), true, depth)
            : new Run("", false, depth);
    source.collector.run(words, run);
  }
}
