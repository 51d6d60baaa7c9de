package dev.holdfast.policy.shell;

import java.util.LinkedHashSet;
import java.util.Set;

/** Reads one word: quotes, escapes and expansions. Commands in expansions are collected. */
final class WordReader {
  private static final String ENDS = " \t\n;&|<>()";

  private final Source source;
  private final int depth;
  private final StringBuilder text = new StringBuilder();
  private final Set<String> variables = new LinkedHashSet<>();
  private boolean dynamic;
  private boolean quoted;

  private WordReader(Source source, int depth) {
    Collector.checkDepth(depth);
    this.source = source;
    this.depth = depth;
  }

  /** Reads the word that starts here. */
  static Word read(Source source, int depth) {
    var reader = new WordReader(source, depth);
    reader.unquoted(ENDS);
    return reader.word();
  }

  /** Reads the text of a here-document whose delimiter was not quoted. */
  static Word hereDocument(Source source, int depth) {
    var reader = new WordReader(source, depth);
    while (!source.atEnd()) {
      reader.insideQuotes(source.next(), false);
    }
    return reader.word();
  }

  private Word word() {
    return new Word(text.toString(), !dynamic, quoted, variables);
  }

  private void append(char c) {
    if (!dynamic) {
      text.append(c);
    }
  }

  private void unquoted(String ends) {
    while (!source.atEnd()) {
      var c = source.peek();
      if (substitutesProcess(c)) {
        process();
      } else if (ends.indexOf(c) >= 0) {
        return;
      } else if (!source.accept("\\\n")) {
        source.next();
        unquotedCharacter(c);
      }
    }
  }

  private void unquotedCharacter(char c) {
    switch (c) {
      case '\'' -> singleQuotes();
      case '"' -> doubleQuotes();
      case '\\' -> {
        quoted = true;
        append(source.next());
      }
      case '$' -> dollar(false);
      case '`' -> backticks(false);
      case '*', '?' -> dynamic = true;
      case '[' -> bracket();
      case '{' -> brace();
      default -> append(c);
    }
  }

  /** A lone {@code [} is a program, {@code [[} a keyword; anything else may be a pattern. */
  private void bracket() {
    append('[');
    var next = source.peek();
    var alone = (text.length() == 1 || text.toString().equals("[["));
    if (!alone || (next != '[' && ENDS.indexOf(next) < 0 && !source.atEnd())) {
      dynamic = true;
    }
  }

  /** {@code {}} and a lone brace are text; anything else may be expanded to several words. */
  private void brace() {
    var next = source.peek();
    var pair = next == '}' && (source.peek(1) == Source.END || ENDS.indexOf(source.peek(1)) >= 0);
    if (pair || source.atEnd() || ENDS.indexOf(next) >= 0) {
      append('{');
    } else {
      dynamic = true;
    }
  }

  private void singleQuotes() {
    quoted = true;
    for (var c = source.next(); c != '\''; c = source.next()) {
      append(c);
    }
  }

  private void doubleQuotes() {
    quoted = true;
    for (var c = source.next(); c != '"'; c = source.next()) {
      insideQuotes(c, true);
    }
  }

  private void insideQuotes(char c, boolean doubleQuote) {
    if (c == '$') {
      dollar(true);
    } else if (c == '`') {
      backticks(doubleQuote);
    } else if (c == '\\') {
      escapeInQuotes(doubleQuote);
    } else {
      append(c);
    }
  }

  private void escapeInQuotes(boolean doubleQuote) {
    if (source.accept("\n")) {
      return;
    }
    var next = source.peek();
    if (next == '$' || next == '`' || next == '\\' || (doubleQuote && next == '"')) {
      append(source.next());
    } else {
      append('\\');
    }
  }

  private void dollar(boolean inQuotes) {
    var next = source.peek();
    if (source.startsWith("\\\n")) {
      throw source.error("a line is continued behind `$`");
    } else if (next == '\'' && !inQuotes) {
      source.next();
      quoted = true;
      AnsiC.read(source).chars().forEach(c -> append((char) c));
    } else if (next == '"' && !inQuotes) {
      source.collector.bashOnly(source.dialect, "`$\"…\"`");
      source.next();
      doubleQuotes();
    } else if (!new Expansion(source, depth, variables).read()) {
      append('$');
    } else {
      dynamic = true;
    }
  }

  /** Reads a command in backticks, where a backslash protects a few characters. */
  private void backticks(boolean inQuotes) {
    var script = new StringBuilder();
    for (var c = source.next(); c != '`'; c = source.next()) {
      if (c == '\\') {
        var next = source.next();
        var plain = next == '$' || next == '`' || next == '\\' || (inQuotes && next == '"');
        script.append(plain ? "" : "\\").append(next);
      } else {
        script.append(c);
      }
    }
    dynamic = true;
    source.collector.script(script.toString(), source.dialect, depth + 1);
  }

  private boolean substitutesProcess(char c) {
    return (c == '<' || c == '>') && source.peek(1) == '(';
  }

  private void process() {
    source.collector.bashOnly(source.dialect, "process substitution");
    source.next();
    source.next();
    new CommandParser(source, depth + 1).until(')');
    dynamic = true;
  }
}
