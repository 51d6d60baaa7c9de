package dev.holdfast.cli;

import dev.holdfast.cli.command.ExitCode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The program. Finds the command's name by hand, so that help and version cost no more than the
 * JVM's start; everything else is parsed by the command's own syntax.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    // One more than there are processors: whoever commits to the log waits for the disk in native
    // code, which the scheduler of virtual threads does not see.
    System.setProperty(
        "jdk.virtualThreadScheduler.parallelism",
        Integer.toString(Runtime.getRuntime().availableProcessors() + 1));
    var code = run(Arrays.asList(arguments), Surroundings.ofThisProcess());
    System.out.flush();
    System.exit(code);
  }

  static int run(List<String> arguments, Surroundings around) {
    var at = indexOfName(arguments);
    if (at == arguments.size()) {
      return withoutCommand(arguments, around);
    }
    var typed = arguments.get(at);
    var rest = new ArrayList<>(arguments.subList(0, at));
    rest.addAll(arguments.subList(at + 1, arguments.size()));
    if (typed.equals("help")) {
      return help(rest, around);
    }
    var name = CommandName.of(typed);
    if (name.isEmpty()) {
      return unknown(typed, around.err());
    }
    return Invocation.of(name.get()).run(rest, around);
  }

  /** Where the first word is that is neither a global option nor one's value. */
  private static int indexOfName(List<String> arguments) {
    var at = 0;
    while (at < arguments.size() && arguments.get(at).startsWith("-")) {
      at += GlobalOptions.WITH_VALUE.contains(arguments.get(at)) ? 2 : 1;
    }
    return Math.min(at, arguments.size());
  }

  private static int withoutCommand(List<String> options, Surroundings around) {
    if (options.contains("--version") || options.contains("-V")) {
      return Invocation.of(CommandName.VERSION)
          .run(
              options.stream().filter(o -> !o.equals("--version") && !o.equals("-V")).toList(),
              around);
    }
    if (options.contains("--help") || options.contains("-h")) {
      around.out().print(Overview.text());
      return ExitCode.OK.number();
    }
    around.err().print(Overview.text());
    return ExitCode.USAGE.number();
  }

  /** {@code holdfast help} and {@code holdfast help COMMAND…}. */
  private static int help(List<String> rest, Surroundings around) {
    var words = rest.stream().filter(word -> !word.startsWith("-")).toList();
    if (words.isEmpty()) {
      around.out().print(Overview.text());
      return ExitCode.OK.number();
    }
    var name = CommandName.of(words.getFirst());
    if (name.isEmpty()) {
      return unknown(words.getFirst(), around.err());
    }
    var asked = new ArrayList<>(words.subList(1, words.size()));
    asked.add("--help");
    return Invocation.of(name.get()).run(asked, around);
  }

  private static int unknown(String typed, PrintStream err) {
    Optional<String> near =
        Spelling.nearest(
            typed, Arrays.stream(CommandName.values()).map(CommandName::typed).toList());
    err.println(
        "holdfast: there is no command `%s`%s; `holdfast --help` lists them"
            .formatted(typed, near.map(", did you mean `%s`?"::formatted).orElse("")));
    return ExitCode.USAGE.number();
  }
}
