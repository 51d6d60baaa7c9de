package dev.holdfast.policy.shell;

import java.util.Set;

/** Reads what stands behind a {@code $}: a parameter, a command or arithmetic. */
final class Expansion {
  private static final String SPECIAL = "@*#?-$!";

  private final Source source;
  private final int depth;
  private final Set<String> variables;

  Expansion(Source source, int depth, Set<String> variables) {
    Collector.checkDepth(depth);
    this.source = source;
    this.depth = depth;
    this.variables = variables;
  }

  /** Whether there was an expansion; otherwise the dollar sign stands for itself. */
  boolean read() {
    if (source.accept("((")) {
      new Arithmetic(source, depth + 1).until("))");
    } else if (source.accept("(")) {
      new CommandParser(source, depth + 1).until(')');
    } else if (source.accept("{")) {
      braces();
    } else if (source.accept("[")) {
      source.collector.bashOnly(source.dialect, "`$[…]`");
      new Arithmetic(source, depth + 1).until("]");
    } else {
      return plain();
    }
    return true;
  }

  private boolean plain() {
    var c = source.peek();
    if (Names.isNameStart(c)) {
      variables.add(name());
    } else if (SPECIAL.indexOf(c) >= 0 || (c >= '0' && c <= '9')) {
      variables.add(String.valueOf(source.next()));
    } else {
      return false;
    }
    return true;
  }

  private String name() {
    var start = source.position();
    while (Names.isNamePart(source.peek())) {
      source.next();
    }
    return source.since(start);
  }

  private void braces() {
    if (source.peek() == '!') {
      indirect();
      return;
    }
    if (source.peek() == '#' && source.peek(1) != '}') {
      source.next();
    }
    var name = "";
    if (SPECIAL.indexOf(source.peek()) >= 0) {
      source.next();
    } else {
      name = name();
      variables.add(name);
    }
    if (source.startsWith("=") || source.startsWith(":=")) {
      source.collector.assigned(name, false);
    }
    if (source.accept("[")) {
      subscript();
    }
    operator();
  }

  /** {@code ${!x}} looks up the variable that a value names, running commands in its subscript. */
  private void indirect() {
    source.next();
    name();
    if (!source.accept("[@]}")
        && !source.accept("[*]}")
        && !source.accept("*}")
        && !source.accept("@}")) {
      throw source.error("`${!…}` depends on what a variable holds");
    }
  }

  private void subscript() {
    if (!source.accept("@]") && !source.accept("*]")) {
      new Arithmetic(source, depth + 1).until("]");
    }
  }

  private void operator() {
    if (source.accept("}")) {
      return;
    }
    var c = source.peek();
    if (c == '@') {
      throw source.error("`${…@…}` transforms what a variable holds");
    }
    if (c == ':' && "-=?+".indexOf(source.peek(1)) < 0) {
      source.next();
      new Arithmetic(source, depth + 1).until("}");
    } else if (":-=?+#%/^,".indexOf(c) >= 0) {
      pattern();
    } else {
      throw source.error("`${` is not understood");
    }
  }

  /** The word of an operator: quotes and expansions, up to the closing brace. */
  private void pattern() {
    while (source.peek() != '}') {
      var c = source.next();
      switch (c) {
        // Whether a single quote quotes here depends on the operator and on quotes around it all.
        case '\'' -> throw source.error("a single quote inside `${…}`");
        case '"' -> new QuotedPart(source, depth + 1).read();
        case '\\' -> source.next();
        case '$' -> dollar();
        case '`' -> throw source.error("a backtick inside `${…}`");
        case '<', '>' -> rejectProcess();
        default -> {}
      }
    }
    source.next();
  }

  private void dollar() {
    if (source.peek() == '\'' || source.startsWith("\\\n")) {
      throw source.error("a quote inside `${…}`");
    }
    new Expansion(source, depth + 1, variables).read();
  }

  private void rejectProcess() {
    if (source.peek() == '(') {
      throw source.error("process substitution inside `${…}`");
    }
  }
}
