package dev.holdfast.policy.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds the commands that a command runs in turn. */
final class Unwrapper {
  private static final Set<String> BASH = Set.of("bash", "rbash");
  private static final Set<String> POSIX = Set.of("sh", "dash", "ash");
  private static final Set<String> OTHER_SHELLS =
      Set.of(
          "zsh",
          "fish",
          "ksh",
          "mksh",
          "csh",
          "tcsh",
          "pwsh",
          "powershell",
          "yash",
          "elvish",
          "nu");

  /** Programs that run code in a language this reader does not read. */
  private static final Set<String> INTERPRETERS =
      Set.of(
          "perl",
          "ruby",
          "node",
          "nodejs",
          "deno",
          "bun",
          "php",
          "lua",
          "luajit",
          "tclsh",
          "expect",
          "awk",
          "gawk",
          "mawk",
          "nawk",
          "sed",
          "ed",
          "ex",
          "vi",
          "vim",
          "nvim",
          "emacs",
          "gdb",
          "jshell",
          "java",
          "groovy",
          "scala",
          "kotlin",
          "Rscript",
          "julia",
          "guile",
          "osascript",
          "m4",
          "bc",
          "dc",
          "sqlite3",
          "psql",
          "make",
          "just",
          "ipython");

  private final Invocation invocation;
  private final Run run;
  private final Collector collector;

  private Unwrapper(Invocation invocation, Run run, Collector collector) {
    this.invocation = invocation;
    this.run = run;
    this.collector = collector;
  }

  /** Collects what {@code invocation} runs by itself. */
  static void unwrap(Invocation invocation, Run run, Collector collector) {
    new Unwrapper(invocation, run, collector).unwrap();
  }

  private void unwrap() {
    var name = invocation.name();
    if (invocation.program().contains("/")
        && !invocation.program().matches("/(usr/)?s?bin/[^/]+")) {
      collector.opaque(invocation.program());
    }
    var prefix = Prefixes.of(name);
    if (name.equals("command") && looksUp()) {
      return;
    }
    if (prefix != null) {
      prefix(prefix);
    } else if (BASH.contains(name)) {
      new ShellCall(invocation, run, collector).read(Dialect.BASH);
    } else if (POSIX.contains(name)) {
      new ShellCall(invocation, run, collector).read(Dialect.SH);
    } else if (OTHER_SHELLS.contains(name)) {
      collector.unknown("`%s` runs commands in a language that is not read".formatted(name));
    } else if (INTERPRETERS.contains(name)
        || name.matches("(python|pypy|perl|ruby|php|lua)[0-9.]*")) {
      collector.opaque(name);
    } else {
      byName(name);
    }
  }

  /** {@code command -v} only tells where a program is. */
  private boolean looksUp() {
    var arguments = invocation.arguments();
    return !arguments.isEmpty() && arguments.getFirst().text().matches("-p?[vV]");
  }

  private void byName(String name) {
    switch (name) {
      case "find" -> find();
      case "xargs" -> xargs();
      case "eval" -> joined(invocation.arguments());
      case "watch" -> watch();
      case "trap" -> trap();
      case "cd", "pushd" -> directory();
      case "busybox", "toybox" -> tail(invocation.arguments(), "no program");
      case "parallel",
          "alias",
          "enable",
          "hash",
          "complete",
          "compgen",
          "bind",
          "fc",
          "history",
          "source",
          ".",
          "su",
          "script",
          "runcon",
          "flock",
          "entr",
          "inotifywait",
          "at",
          "batch",
          "crontab",
          "screen",
          "tmux",
          "systemd-run",
          "nsenter",
          "unshare",
          "chroot",
          "start-stop-daemon" ->
          collector.unknown("`%s` runs commands that are not read".formatted(name));
      default -> {
        Builtins.check(invocation, collector, run.depth());
        Escapes.check(invocation, collector);
      }
    }
  }

  private void prefix(Prefixes.Prefix prefix) {
    var arguments = invocation.arguments();
    var at = prefix.skip(arguments);
    if (at < 0) {
      collector.unknown("an option of `%s` is not understood".formatted(invocation.name()));
      return;
    }
    while (prefix.assignments() && at < arguments.size() && assigns(arguments.get(at))) {
      at++;
    }
    if (at < arguments.size()) {
      collector.run(arguments.subList(at, arguments.size()), run.deeper());
    }
  }

  private boolean assigns(Word word) {
    var equals = word.text().indexOf('=');
    if (equals < 0) {
      return false;
    }
    collector.assigned(word.text().substring(0, equals), false);
    return true;
  }

  private void tail(List<Word> words, String otherwise) {
    if (words.isEmpty()) {
      collector.unknown("`%s` has %s".formatted(invocation.name(), otherwise));
    } else {
      collector.run(words, run.deeper());
    }
  }

  /** Joins words with blanks and reads the result as a script. */
  private void joined(List<Word> words) {
    if (!words.stream().allMatch(Word::literal)) {
      collector.unknown("what `%s` runs is only known when it runs".formatted(invocation.name()));
      return;
    }
    var text = String.join(" ", words.stream().map(Word::text).toList());
    collector.script(text, Dialect.BASH, run.depth() + 1);
  }

  private void watch() {
    var at = Prefixes.WATCH.skip(invocation.arguments());
    if (at < 0) {
      collector.unknown("an option of `watch` is not understood");
    } else {
      joined(invocation.arguments().subList(at, invocation.arguments().size()));
    }
  }

  private void trap() {
    var arguments = invocation.arguments();
    if (!arguments.isEmpty() && !arguments.getFirst().text().equals("-")) {
      var first = arguments.getFirst().is("--") && arguments.size() > 1 ? 1 : 0;
      joined(arguments.subList(first, first + 1));
    }
  }

  private void directory() {
    var operands =
        invocation.arguments().stream().filter(w -> !w.text().matches("-[LPe@]+|--")).toList();
    if (operands.size() == 1
        && operands.getFirst().literal()
        && !operands.getFirst().is("-")
        && !operands.getFirst().text().matches("[+-][0-9]+")) {
      collector.directory(operands.getFirst().text());
    } else if (operands.isEmpty() && invocation.name().equals("cd")) {
      collector.directory("~");
    } else {
      collector.unknown(
          "the directory that `%s` changes to is only known when it runs"
              .formatted(invocation.name()));
    }
  }

  private void find() {
    var words = invocation.arguments();
    for (var i = 0; i < words.size(); i++) {
      if (Set.of("-exec", "-execdir", "-ok", "-okdir").contains(words.get(i).text())) {
        i = executed(words, i + 1);
      } else if (!words.get(i).literal()
          && words.get(i).text().isEmpty()
          && !words.get(i).variables().isEmpty()
          && !words.get(i).quoted()) {
        collector.unknown("an argument of `find` is only known when it runs");
      }
    }
  }

  private int executed(List<Word> words, int from) {
    var inner = new ArrayList<Word>();
    var i = from;
    while (i < words.size() && !words.get(i).is(";") && !endsBatch(words, i)) {
      var word = words.get(i++);
      inner.add(word.text().contains("{}") ? Word.dynamic("") : word);
    }
    tail(inner, "no program behind `-exec`");
    return i;
  }

  private static boolean endsBatch(List<Word> words, int i) {
    return words.get(i).is("+") && words.get(i - 1).is("{}");
  }

  private void xargs() {
    var at = Prefixes.XARGS.skip(invocation.arguments());
    if (at < 0) {
      collector.unknown("an option of `xargs` is not understood");
      return;
    }
    var words = invocation.arguments();
    var marker = marker(words.subList(0, at));
    var inner = new ArrayList<Word>();
    for (var word : words.subList(at, words.size())) {
      var replaced = !marker.isEmpty() && word.text().contains(marker);
      inner.add(replaced ? Word.dynamic("") : word);
    }
    if (!inner.isEmpty()) {
      inner.add(Word.dynamic(""));
      collector.run(inner, run.deeper());
    }
  }

  /** The text that {@code xargs} replaces in its arguments; empty when it appends instead. */
  private static String marker(List<Word> options) {
    for (var i = 0; i < options.size(); i++) {
      var option = options.get(i).text();
      if (option.equals("-I") && i + 1 < options.size()) {
        return options.get(i + 1).text();
      } else if (option.matches("-[0rtxpo]*[Ii].*|--replace.*")) {
        var value = option.replaceFirst("^(-[0rtxpo]*[Ii]|--replace=?)", "");
        return value.isEmpty() ? "{}" : value;
      }
    }
    return "";
  }
}
