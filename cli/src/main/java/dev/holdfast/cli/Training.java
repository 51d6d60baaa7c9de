package dev.holdfast.cli;

import dev.holdfast.files.HostFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The training run of the AOT cache: does what short commands do, in a home of its own that is
 * removed again, and prints nothing.
 */
final class Training {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("--help"),
          List.of("version"),
          List.of("version", "--json"),
          List.of("version", "--help"),
          List.of("completion", "bash"),
          List.of("runs"),
          List.of("runs", "--json"),
          List.of("audit", "verify"),
          List.of("policy", "show"),
          List.of("tools", "list"));

  private Training() {}

  public static void main(String[] arguments) throws IOException {
    var home = Files.createTempDirectory("holdfast-training");
    try (var nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      var around = new Surroundings(withHome(home), home, nowhere, nowhere, false, false);
      COMMANDS.forEach(command -> Main.run(command, around));
    } finally {
      HostFiles.delete(home);
    }
    // Ends as the program does: the JDK loads its loggers for that.
    System.exit(0);
  }

  private static Map<String, String> withHome(Path home) {
    var env = new HashMap<>(System.getenv());
    env.keySet().remove("HOLDFAST_HOME");
    env.put("HOME", home.toString());
    return env;
  }
}
