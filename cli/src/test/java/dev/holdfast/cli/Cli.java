package dev.holdfast.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs the program in this process, as one would type it. */
record Cli(int code, String out, String err) {
  /** Nobody's home; what commands make there goes with the build. */
  private static final Path HOME = Path.of("target", "home").toAbsolutePath();

  static Cli run(String... arguments) {
    return run(Map.of("HOME", HOME.toString()), arguments);
  }

  static Cli run(Map<String, String> env, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var around =
        new Surroundings(
            env,
            Path.of("").toAbsolutePath(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false);
    var code = Main.run(List.of(arguments), around);
    return new Cli(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
