package dev.holdfast.policy.shell;

import java.util.HashSet;
import java.util.Set;

/**
 * Reads arithmetic. Bash evaluates what the variables in it hold, running commands in subscripts
 * there; so each variable is noted, and must turn out to hold a number.
 */
final class Arithmetic {
  private final Source source;
  private final int depth;

  Arithmetic(Source source, int depth) {
    Collector.checkDepth(depth);
    this.source = source;
    this.depth = depth;
  }

  /** Notes the variables in a text that is evaluated as arithmetic. */
  static void text(String text, Source in, int depth) {
    new Arithmetic(new Source(text + "\n]", in.dialect, in.collector), depth).until("\n]");
  }

  /** Reads up to {@code end}, outside of parentheses, and past it. */
  void until(String end) {
    var open = 0;
    while (open > 0 || !source.startsWith(end)) {
      var c = source.peek();
      if (Names.isNamePart(c)) {
        operand();
        continue;
      }
      source.next();
      switch (c) {
        case '(' -> open++;
        case ')' -> open = close(open);
        case '[' -> new Arithmetic(source, depth + 1).until("]");
        case '$' -> expansion();
        case '`', '\'', '"', '\\', '{', '}' ->
            throw source.error("`%s` inside arithmetic".formatted(c));
        default -> {}
      }
    }
    source.expect(end);
  }

  private int close(int open) {
    if (open == 0) {
      throw source.error("`)` inside arithmetic");
    }
    return open - 1;
  }

  private void operand() {
    var start = source.position();
    while (Names.isNamePart(source.peek())) {
      source.next();
    }
    var text = source.since(start);
    if (!Names.isNameStart(text.charAt(0))) {
      return;
    }
    while (source.accept(" ")) {}
    if (source.peek() == '=' && source.peek(1) != '=') {
      source.collector.assigned(text, true);
    } else {
      source.collector.calculated(text);
    }
  }

  private void expansion() {
    Set<String> names = new HashSet<>();
    var length = source.startsWith("{#") || source.startsWith("#") || source.startsWith("?");
    var nested = source.startsWith("(") && !source.startsWith("((");
    new Expansion(source, depth + 1, names).read();
    if (nested) {
      throw source.error("the output of a command inside arithmetic");
    }
    if (!length) {
      names.forEach(source.collector::calculated);
    }
  }
}
