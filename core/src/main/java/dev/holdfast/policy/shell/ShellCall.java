package dev.holdfast.policy.shell;

import java.util.List;

/** A shell that a script starts: what it is given to run. */
final class ShellCall {
  private final Invocation invocation;
  private final Run run;
  private final Collector collector;

  ShellCall(Invocation invocation, Run run, Collector collector) {
    this.invocation = invocation;
    this.run = run;
    this.collector = collector;
  }

  /** A shell with {@code -c} runs its argument; with a file, code of its own; else its input. */
  void read(Dialect dialect) {
    var arguments = invocation.arguments();
    for (var i = 0; i < arguments.size(); i++) {
      var word = arguments.get(i);
      if (!word.literal()) {
        collector.unknown("what `%s` runs is only known when it runs".formatted(invocation.name()));
        return;
      }
      var option = word.text();
      if (option.matches("-[a-zA-Z]*c")) {
        command(arguments, i + 1, dialect);
        return;
      } else if (!option.startsWith("-") && !option.startsWith("+")) {
        collector.opaque(invocation.name());
        return;
      } else if (!option.matches("-[eufxnvl]+|--norc|--noprofile|--posix|--login|-s|-")) {
        collector.unknown("the option `%s` of a shell is not understood".formatted(option));
        return;
      }
    }
    fromInput(dialect);
  }

  private void fromInput(Dialect dialect) {
    if (run.hasInput()) {
      collector.script(run.input(), dialect, run.depth() + 1);
    } else {
      collector.unknown("`%s` runs what it reads from its input".formatted(invocation.name()));
    }
  }

  private void command(List<Word> arguments, int at, Dialect dialect) {
    if (at < arguments.size()
        && arguments.get(at).literal()
        && !arguments.get(at).text().startsWith("-")
        && !arguments.get(at).text().startsWith("+")) {
      collector.script(arguments.get(at).text(), dialect, run.depth() + 1);
    } else {
      collector.unknown(
          "what `%s -c` runs is only known when it runs".formatted(invocation.name()));
    }
  }
}
