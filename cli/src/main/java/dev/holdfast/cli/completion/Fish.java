package dev.holdfast.cli.completion;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Writes {@code complete} lines for fish. */
final class Fish {
  private final StringBuilder script = new StringBuilder();
  private final String program;

  private Fish(String program) {
    this.program = program;
  }

  static String script(CommandSpec spec) {
    var fish = new Fish(spec.name());
    fish.level(spec, List.of());
    return fish.script.toString();
  }

  /** The completions after {@code words}, and below. */
  private void level(CommandSpec spec, List<String> words) {
    var condition = condition(spec, words);
    if (!spec.subcommands().isEmpty()) {
      complete(condition, "-f");
    }
    spec.subcommands()
        .forEach(
            (name, line) -> {
              var description = line.getCommandSpec().usageMessage().description();
              complete(
                  condition,
                  "-a " + name + " -d " + quote(description.length > 0 ? description[0] : ""));
            });
    spec.options().forEach(option -> complete(condition, option(option)));
    for (var argument : spec.positionalParameters()) {
      if (argument.completionCandidates() != null) {
        complete(condition, "-f -a " + words(argument.completionCandidates()));
      }
    }
    spec.subcommands()
        .forEach(
            (name, line) -> {
              var deeper = new ArrayList<>(words);
              deeper.add(name);
              level(line.getCommandSpec(), deeper);
            });
  }

  private static String condition(CommandSpec spec, List<String> words) {
    var seen = new ArrayList<String>();
    words.forEach(word -> seen.add("__fish_seen_subcommand_from " + word));
    if (!spec.subcommands().isEmpty()) {
      seen.add("not __fish_seen_subcommand_from " + String.join(" ", spec.subcommands().keySet()));
    }
    return String.join("; and ", seen);
  }

  private static String option(OptionSpec option) {
    var text = new StringBuilder();
    for (var name : option.names()) {
      text.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    if (option.arity().min() > 0) {
      text.append(" -r");
    }
    if (option.completionCandidates() != null) {
      text.append(" -f -a ").append(words(option.completionCandidates()));
    }
    var description = option.description();
    return text + " -d " + quote(description.length > 0 ? description[0] : "");
  }

  private void complete(String condition, String rest) {
    script.append("complete -c ").append(program);
    if (!condition.isEmpty()) {
      script.append(" -n ").append(quote(condition));
    }
    script.append(' ').append(rest.strip()).append('\n');
  }

  private static String words(Iterable<String> candidates) {
    return quote(String.join(" ", candidates));
  }

  private static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
