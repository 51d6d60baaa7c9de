package dev.holdfast.policy.shell;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Gathers what a script would do, and stops at the limits. */
final class Collector {
  private static final int MAX_DEPTH = 40;
  private static final int MAX_COMMANDS = 2000;
  private static final int MAX_REASONS = 20;

  /** All texts read, nested ones included: nesting may not multiply the work. */
  private static final int MAX_TOTAL = 4 * ShellReader.MAX_CHARS;

  /** Variables that the shell keeps as numbers. */
  private static final Set<String> NUMBERS =
      Set.of("RANDOM", "SECONDS", "LINENO", "UID", "EUID", "PPID", "OPTIND", "EPOCHSECONDS", "?");

  private final List<Invocation> invocations = new ArrayList<>();
  private final List<Redirect> redirects = new ArrayList<>();
  private final List<String> directories = new ArrayList<>();
  private final Set<String> unknown = new LinkedHashSet<>();
  private final Set<String> opaque = new LinkedHashSet<>();
  private final Set<String> calculated = new LinkedHashSet<>();
  private final Set<String> numeric = new HashSet<>();
  private final Set<String> other = new HashSet<>();
  private int total;

  /** Reads a script that a shell would run, at any depth. */
  void script(String text, Dialect dialect, int depth) {
    guarded(
        () -> {
          total += text.length();
          if (text.length() > ShellReader.MAX_CHARS || total > MAX_TOTAL) {
            throw new Unreadable(
                "the script is longer than %d characters".formatted(ShellReader.MAX_CHARS));
          }
          new CommandParser(new Source(text, dialect, this), depth).whole();
        });
  }

  /** Runs one step of the reading; giving up makes the script unknown. */
  void guarded(Runnable step) {
    try {
      step.run();
    } catch (Unreadable e) {
      unknown(String.valueOf(e.getMessage()));
    }
  }

  void unknown(String reason) {
    if (unknown.size() < MAX_REASONS) {
      unknown.add(reason);
    }
  }

  /** Notes syntax that only bash reads in this way. */
  void bashOnly(Dialect dialect, String what) {
    if (dialect == Dialect.SH) {
      unknown("%s means different things in different shells".formatted(what));
    }
  }

  static void checkDepth(int depth) {
    if (depth > MAX_DEPTH) {
      throw new Unreadable("commands are nested deeper than %d levels".formatted(MAX_DEPTH));
    }
  }

  /** One simple command: the program first, then its arguments. */
  void run(List<Word> words, Run run) {
    checkDepth(run.depth());
    var program = words.getFirst();
    if (!program.literal()) {
      unknown("the name of a program is only known when it runs: `%s…`".formatted(program.text()));
      return;
    }
    if (invocations.size() >= MAX_COMMANDS) {
      throw new Unreadable("the script has more than %d commands".formatted(MAX_COMMANDS));
    }
    var invocation = new Invocation(program.text(), words.subList(1, words.size()));
    invocations.add(invocation);
    Unwrapper.unwrap(invocation, run, this);
  }

  void redirect(Word target, boolean writes) {
    if (!target.literal()) {
      unknown(
          "the target of a redirection is only known when it runs: `%s…`".formatted(target.text()));
    } else if (target.text().startsWith("/dev/tcp/") || target.text().startsWith("/dev/udp/")) {
      unknown("the redirection `%s` opens a connection".formatted(target.text()));
    } else {
      redirects.add(new Redirect(target.text(), writes));
    }
  }

  void directory(String path) {
    directories.add(path);
  }

  void opaque(String program) {
    opaque.add(program);
  }

  /** A variable takes a value; only whole numbers are harmless in arithmetic. */
  void assigned(String name, boolean number) {
    (number ? numeric : other).add(name);
    if (Names.STEERING.contains(name) || name.startsWith("BASH_FUNC_")) {
      unknown("assigning `%s` changes which programs run".formatted(name));
    }
  }

  /** A variable is used in arithmetic, where bash runs commands inside its value. */
  void calculated(String name) {
    calculated.add(name);
  }

  ShellReading reading() {
    for (var name : calculated) {
      var known = numeric.contains(name) || NUMBERS.contains(name);
      if (!known || other.contains(name)) {
        unknown("arithmetic on `%s`, whose value is not known to be a number".formatted(name));
      }
    }
    return new ShellReading(invocations, redirects, directories, unknown, opaque);
  }
}
