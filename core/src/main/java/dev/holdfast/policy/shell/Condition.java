package dev.holdfast.policy.shell;

import java.util.Set;

/** Reads {@code [[ … ]]}: it runs nothing by itself, but some operators calculate. */
final class Condition {
  private static final Set<String> CALCULATES = Set.of("-eq", "-ne", "-lt", "-le", "-gt", "-ge");

  private final Source source;
  private final int depth;
  private Word before = Word.of("");
  private boolean calculates;

  Condition(Source source, int depth) {
    this.source = source;
    this.depth = depth;
  }

  void read() {
    source.collector.bashOnly(source.dialect, "`[[…]]`");
    source.expect("[[");
    if (" \t\n".indexOf(source.peek()) < 0) {
      throw source.error("`[[` needs a blank");
    }
    for (var open = true; open; ) {
      skip();
      open = item();
    }
  }

  private void skip() {
    source.blanks();
    while (source.accept("\n")) {
      source.blanks();
    }
  }

  private boolean item() {
    var c = source.peek();
    if ("&|<>()".indexOf(c) >= 0) {
      source.next();
      return true;
    }
    var start = source.position();
    var word = WordReader.read(source, depth);
    if (source.position() == start) {
      throw source.error("`[[` has no `]]`");
    }
    if (word.is("]]")) {
      return false;
    }
    operand(word);
    return true;
  }

  private void operand(Word word) {
    if (calculates) {
      calculate(word);
      calculates = false;
    } else if (word.literal() && CALCULATES.contains(word.text())) {
      calculate(before);
      calculates = true;
    } else if (before.is("-v") && !(word.literal() && Names.isName(word.text()))) {
      throw source.error("`-v` needs the name of a variable");
    }
    before = word;
  }

  private void calculate(Word word) {
    if (word.literal()) {
      Arithmetic.text(word.text(), source, depth + 1);
      return;
    }
    if (word.variables().isEmpty() && !word.text().isEmpty()) {
      throw source.error("arithmetic on a value that is not known");
    }
    if (word.variables().isEmpty()) {
      throw source.error("arithmetic on the output of a command");
    }
    word.variables().stream().filter(v -> !v.equals("#")).forEach(source.collector::calculated);
  }
}
