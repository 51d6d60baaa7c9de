package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of the host, run with a limit. */
final class Programs {
  /** Copies of large trees take minutes on a busy machine. */
  private static final long LIMIT_SECONDS = 600;

  private Programs() {}

  /** Runs a program, its output thrown away. */
  static void run(String... argv) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(List.of(argv))
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    finish(process, argv);
  }

  /** Runs a program and gives its output back. */
  static String output(String... argv) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(List.of(argv)).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    var output = process.inputReader().readAllAsString();
    finish(process, argv);
    return output;
  }

  /** Where a program is, when it is installed. */
  static Optional<Path> find(String name) {
    var path = System.getenv().getOrDefault("PATH", "/usr/bin") + ":/usr/sbin:/sbin";
    return Stream.of(path.split(":", -1))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name))
        .filter(java.nio.file.Files::isExecutable)
        .findFirst();
  }

  private static void finish(Process process, String... argv)
      throws IOException, InterruptedException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new BenchException("`%s` did not end in time".formatted(String.join(" ", argv)));
    }
    if (process.exitValue() != 0) {
      throw new BenchException(
          "`%s` ended with `%d`".formatted(String.join(" ", argv), process.exitValue()));
    }
  }
}
