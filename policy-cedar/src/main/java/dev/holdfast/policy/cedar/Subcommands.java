package dev.holdfast.policy.cedar;

import dev.holdfast.policy.shell.Invocation;
import dev.holdfast.policy.shell.Word;
import java.util.Map;
import java.util.Set;

/** Finds what a program with many commands is told to do. */
final class Subcommands {
  /** Programs whose first operand is a command, with the options that take the next word. */
  private static final Map<String, Set<String>> ONE =
      Map.ofEntries(
          Map.entry(
              "git",
              Set.of("-C", "-c", "--git-dir", "--work-tree", "--namespace", "--super-prefix")),
          Map.entry(
              "npm", Set.of("--prefix", "-C", "-w", "--workspace", "--registry", "--userconfig")),
          Map.entry("yarn", Set.of("--cwd")),
          Map.entry("pnpm", Set.of("-C", "--dir", "--filter", "-F")),
          Map.entry("bun", Set.of("--cwd", "--config")),
          Map.entry("lerna", Set.of()),
          Map.entry("cargo", Set.of("-C", "--config", "--color", "-Z")),
          Map.entry("gem", Set.of()),
          Map.entry("twine", Set.of()),
          Map.entry("poetry", Set.of("-C", "--directory", "-P", "--project")),
          Map.entry("flit", Set.of("-f", "--ini-file")),
          Map.entry("hatch", Set.of("-e", "--env", "-p", "--project")),
          Map.entry("uv", Set.of("--directory", "--project", "--config-file")),
          Map.entry("pdm", Set.of("-p", "--project", "-c", "--config")),
          Map.entry("pip", Set.of()),
          Map.entry("pip3", Set.of()),
          Map.entry("go", Set.of("-C")),
          Map.entry("dotnet", Set.of()),
          Map.entry("nuget", Set.of()),
          Map.entry("helm", Set.of("-n", "--namespace")),
          Map.entry("composer", Set.of("-d", "--working-dir")),
          Map.entry("apt", Set.of("-o", "-c")),
          Map.entry("apt-get", Set.of("-o", "-c")));

  /** Programs all of whose operands are things to do. */
  private static final Set<String> MANY =
      Set.of(
          "mvn", "mvnw", "mvnd", "gradle", "gradlew", "ant", "make", "rake", "just", "nx", "turbo",
          "lein", "sbt");

  private Subcommands() {}

  static void add(Invocation invocation, Set<String> commands, Set<String> unknown) {
    var name = invocation.name();
    if (name.startsWith("git-")) {
      commands.add("git " + name.substring("git-".length()));
    }
    if (MANY.contains(name)) {
      for (var word : invocation.arguments()) {
        command(name, word, commands, unknown);
      }
    } else {
      var valued = ONE.get(name);
      if (valued != null) {
        first(invocation, valued, commands, unknown);
      }
    }
  }

  private static void first(
      Invocation invocation, Set<String> valued, Set<String> commands, Set<String> unknown) {
    var words = invocation.arguments();
    var afterUnclearOption = false;
    for (var i = 0; i < words.size(); i++) {
      var text = words.get(i).text();
      if (valued.contains(text)) {
        i++;
      } else if (text.startsWith("-") && words.get(i).literal()) {
        afterUnclearOption |= !invocation.name().equals("git");
      } else {
        command(invocation.name(), words.get(i), commands, unknown);
        if (!afterUnclearOption) {
          return;
        }
      }
    }
  }

  private static void command(
      String program, Word word, Set<String> commands, Set<String> unknown) {
    if (!word.literal()) {
      unknown.add("what `%s` is told to do is only known when it runs".formatted(program));
    } else if (!word.text().startsWith("-")) {
      commands.add(program + " " + word.text());
    }
  }
}
