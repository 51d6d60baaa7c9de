package dev.holdfast.e2e.functional;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code holdfast} as a user does: a process of its own, with a home of its own.
 *
 * @param screen whether it believes that its output goes to a terminal
 */
record Cli(Path home, boolean screen) {
  private static final Duration LONGEST = Duration.ofMinutes(3);

  Cli(Path home) {
    this(home, false);
  }

  /** What a finished process said. */
  record Said(int code, String out, String err) {
    Said orFail() {
      if (code != 0) {
        throw new AssertionError("exit %d%n%s%n%s".formatted(code, out, err));
      }
      return this;
    }
  }

  /** Starts {@code holdfast} with these arguments and does not wait for it. */
  Process start(Path directory, String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                // As from a terminal; what starts the tests may ignore Ctrl-C.
                "env",
                "--default-signal=INT",
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dholdfast.terminals=" + (screen ? "out" : ""),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.holdfast.cli.Main"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("HOLDFAST_HOME", home.toString());
    builder.environment().put("USER", "ada");
    builder.environment().remove("SUDO_USER");
    return builder.start();
  }

  /** Runs {@code holdfast} to its end. */
  Said run(Path directory, String... arguments) throws IOException, InterruptedException {
    var process = start(directory, arguments);
    process.getOutputStream().close();
    var err = new StringBuilder();
    var errors = Thread.ofVirtual().start(() -> err.append(text(process.getErrorStream())));
    var killer = Thread.ofVirtual().start(() -> killLate(process));
    var out = text(process.getInputStream());
    errors.join();
    int code = process.waitFor();
    killer.interrupt();
    return new Said(code, out, err.toString());
  }

  private static void killLate(Process process) {
    try {
      if (!process.waitFor(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException ended) {
      // in time
    }
  }

  private static String text(InputStream stream) {
    try {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "unreadable: " + e;
    }
  }

  /** Runs a program of the host and returns its output; fails when it does. */
  static String host(Path directory, String... command) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var out = text(process.getInputStream());
    int code = process.waitFor();
    if (code != 0) {
      throw new AssertionError(
          "`%s` ended with %d: %s".formatted(String.join(" ", command), code, out));
    }
    return out;
  }

  /** A git repository with one commit of everything that is in {@code directory}. */
  static void commitAll(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    host(directory, "git", "init", "-q", "-b", "main");
    host(directory, "git", "config", "user.name", "Ada");
    host(directory, "git", "config", "user.email", "ada@example.org");
    host(directory, "git", "add", "-A");
    host(directory, "git", "commit", "-q", "-m", "Start");
  }
}
