package dev.holdfast.policy.cedar;

import dev.holdfast.policy.shell.Invocation;
import dev.holdfast.policy.shell.ShellReading;
import dev.holdfast.policy.shell.Word;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the commands of a script mean for the policy: programs, subcommands and files. */
final class CommandFacts {
  /** Programs that only look at the files they are given. */
  private static final Set<String> LOOKING =
      Set.of(
          "cat",
          "head",
          "tail",
          "less",
          "more",
          "grep",
          "egrep",
          "fgrep",
          "zgrep",
          "rg",
          "ag",
          "ls",
          "tree",
          "wc",
          "diff",
          "cmp",
          "stat",
          "file",
          "uniq",
          "cut",
          "tr",
          "md5sum",
          "sha1sum",
          "sha256sum",
          "hexdump",
          "xxd",
          "od",
          "strings",
          "fd",
          "jq",
          "yq",
          "du",
          "df",
          "basename",
          "dirname",
          "realpath",
          "readlink",
          "test",
          "[",
          "which",
          "type",
          "cd",
          "pushd",
          "awk",
          "nl",
          "tac",
          "rev",
          "column",
          "bat",
          "comm",
          "join");

  /** Programs whose arguments are not files. */
  private static final Set<String> TALKING =
      Set.of(
          "echo", "printf", "true", "false", ":", "exit", "return", "sleep", "seq", "date", "set",
          "kill");

  private static final int MAX_DIRECTORIES = 16;

  private final Set<String> programs = new LinkedHashSet<>();
  private final Set<String> commands = new LinkedHashSet<>();
  private final Set<String> unknown = new LinkedHashSet<>();
  private final Set<String> directories = new LinkedHashSet<>(List.of(""));
  private final FileSet reads;
  private final FileSet writes;

  CommandFacts(FileSet reads, FileSet writes) {
    this.reads = reads;
    this.writes = writes;
  }

  void add(ShellReading reading) {
    unknown.addAll(reading.unknown());
    reading.directories().forEach(this::enter);
    for (var redirect : reading.redirects()) {
      touch(redirect.writes() ? writes : reads, redirect.path());
    }
    reading.invocations().forEach(this::add);
  }

  Set<String> programs() {
    return programs;
  }

  Set<String> commands() {
    return commands;
  }

  Set<String> unknown() {
    return unknown;
  }

  /** After a {@code cd}, the shell may be in any directory reached so far: it may have failed. */
  private void enter(String directory) {
    for (var from : List.copyOf(directories)) {
      if (directories.size() > MAX_DIRECTORIES) {
        unknown.add("the script changes its directory too often");
        return;
      }
      if (directory.startsWith("/") || directory.startsWith("~")) {
        directories.add(directory.replaceFirst("^~", "/home/agent"));
      } else {
        directories.add(from.isEmpty() ? directory : from + "/" + directory);
      }
    }
  }

  private void touch(FileSet files, String path) {
    for (var directory : directories) {
      files.add(directory, path);
    }
  }

  private void add(Invocation invocation) {
    var name = invocation.name();
    programs.add(name);
    programs.add(invocation.program());
    Subcommands.add(invocation, commands, unknown);
    if (!TALKING.contains(name)) {
      files(invocation, name);
    }
    if (name.equals("rm")) {
      removal(invocation.arguments());
    }
  }

  private void files(Invocation invocation, String name) {
    var looks = LOOKING.contains(name) || looksOnly(invocation, name);
    var words = name.equals("sed") ? sedFiles(invocation.arguments()) : invocation.arguments();
    for (var i = 0; i < words.size(); i++) {
      var source = name.equals("cp") && i + 1 < words.size();
      file(words.get(i), looks || source);
    }
  }

  /** The words of a {@code sed} command without its scripts, which often begin with a slash. */
  private static List<Word> sedFiles(List<Word> words) {
    var files = new ArrayList<Word>();
    var scripts =
        words.stream().anyMatch(w -> w.text().matches("-[a-zA-Z]*[ef]|--expression.*|--file.*"));
    for (var i = 0; i < words.size(); i++) {
      var option = words.get(i).text().startsWith("-");
      if (words.get(i).text().matches("-[a-zA-Z]*e|--expression")) {
        i++;
      } else if (option || scripts) {
        files.add(words.get(i));
      } else {
        scripts = true;
      }
    }
    return files;
  }

  private void file(Word word, boolean looks) {
    var text = word.text();
    // An option's value may name a file: `--output=x`, `of=x`.
    var path = text.substring(text.indexOf('=') + 1);
    if (path.isEmpty() || path.startsWith("-") || path.indexOf('\n') >= 0) {
      return;
    }
    touch(reads, path);
    if (!looks) {
      touch(writes, path);
    }
  }

  private static boolean looksOnly(Invocation invocation, String name) {
    var words = invocation.arguments().stream().map(Word::text);
    return switch (name) {
      case "sed" -> words.noneMatch(w -> w.matches("-[a-zA-Z]*i.*|--in-place.*"));
      case "sort" -> words.noneMatch(w -> w.matches("-[a-zA-Z]*o.*|--output.*"));
      case "find" -> words.noneMatch(w -> w.matches("-delete|-fprint.*|-fls"));
      case "git" ->
          words.noneMatch(
              w -> w.matches("checkout|restore|mv|rm|apply|am|clean|config|worktree|init|clone"));
      default -> false;
    };
  }

  /** Removing a tree whose place is not known may remove anything. */
  private void removal(List<Word> words) {
    var recursive = words.stream().anyMatch(w -> w.text().matches("-[a-zA-Z]*[rR].*|--recursive"));
    if (recursive && words.stream().anyMatch(CommandFacts::anyPlace)) {
      writes.addUnknown();
    }
  }

  private static boolean anyPlace(Word word) {
    var open = word.text().isEmpty() || !word.variables().isEmpty();
    return !word.literal() && !word.text().contains("/") && open;
  }
}
