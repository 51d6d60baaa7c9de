package dev.holdfast.policy.shell;

import java.util.Set;

/** Checks the shell's builtins that assign variables or evaluate their arguments. */
final class Builtins {
  private static final Set<String> DECLARING =
      Set.of("export", "declare", "typeset", "local", "readonly");
  private static final Set<String> READING =
      Set.of("read", "mapfile", "readarray", "getopts", "printf", "unset", "wait");

  private Builtins() {}

  static void check(Invocation invocation, Collector collector, int depth) {
    var name = invocation.program();
    if (DECLARING.contains(name)) {
      invocation.arguments().forEach(word -> declare(word, name, collector));
    } else if (READING.contains(name)) {
      invocation.arguments().forEach(word -> target(word, name, collector));
    } else if (name.equals("let")) {
      invocation.arguments().forEach(word -> let(word, collector, depth));
    } else if (name.equals("test") || name.equals("[")) {
      test(invocation, collector);
    }
  }

  private static void declare(Word word, String builtin, Collector collector) {
    var equals = word.text().indexOf('=');
    var name = equals < 0 ? word.text() : word.text().substring(0, equals);
    if (name.startsWith("-") && word.literal()) {
      if (name.contains("i") || name.contains("n")) {
        collector.unknown("`%s %s` gives a variable a special meaning".formatted(builtin, name));
      }
    } else if (!Names.isName(name.replaceFirst("\\+$", "")) || (equals < 0 && !word.literal())) {
      collector.unknown("`%s` needs the name of a variable".formatted(builtin));
    } else if (equals >= 0) {
      collector.assigned(name, word.literal() && Names.isNumber(word.text().substring(equals + 1)));
    }
  }

  /** Any of these words may be a variable's name; a subscript in it would be evaluated. */
  private static void target(Word word, String builtin, Collector collector) {
    var format = builtin.equals("printf");
    if (word.literal() && Names.isName(word.text())) {
      if (!format) {
        collector.assigned(word.text(), false);
      }
    } else if (word.text().startsWith("-v") && format) {
      collector.unknown("`printf -v` assigns a variable");
    } else if (!format && (!word.literal() || word.text().indexOf('[') >= 0)) {
      collector.unknown("`%s` assigns a variable that is not known".formatted(builtin));
    }
  }

  private static void let(Word word, Collector collector, int depth) {
    if (!word.literal()) {
      throw new Unreadable("what `let` calculates is only known when it runs");
    }
    Arithmetic.text(word.text(), new Source("", Dialect.BASH, collector), depth + 1);
  }

  private static void test(Invocation invocation, Collector collector) {
    var words = invocation.arguments();
    for (var i = 0; i + 1 < words.size(); i++) {
      var next = words.get(i + 1);
      if (words.get(i).is("-v") && !(next.literal() && Names.isName(next.text()))) {
        collector.unknown("`-v` needs the name of a variable");
      }
    }
  }
}
