package dev.holdfast.cli.doctor;

import dev.holdfast.files.HostFiles;
import dev.holdfast.workbench.oci.Rootless;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The machine, as checks look at it.
 *
 * @param home where state will be kept; need not exist
 */
record Host(Map<String, String> env, Path home) {
  static final Duration QUICK = Duration.ofSeconds(10);

  private static final int OUTPUT_BYTES = 64 * 1024;

  /**
   * How a program ended.
   *
   * @param code its exit code; 127 when it is not there, 124 when it took too long
   * @param output the beginning of what it wrote to stdout and stderr
   */
  record Ran(int code, String output) {
    boolean ok() {
      return code == 0;
    }

    String firstLine() {
      return output.lines().findFirst().orElse("").strip();
    }

    String lastLine() {
      return output.lines().reduce("", (before, line) -> line.isBlank() ? before : line).strip();
    }
  }

  /** Whether this is the host's root, not that of an ordinary user's namespace. */
  boolean root() {
    return !Rootless.isActive()
        && read("/proc/self/status")
            .lines()
            .anyMatch(line -> line.matches("Uid:\\s+\\d+\\s+0\\s.*"));
  }

  boolean has(String program) {
    return find(program).isPresent();
  }

  private Optional<Path> find(String program) {
    return Arrays.stream(path().split(":", -1))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private String path() {
    return env.getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin";
  }

  /** A file's text; empty when it cannot be read. */
  String read(String file) {
    try {
      return HostFiles.ofKernel(Path.of(file));
    } catch (IOException e) {
      return "";
    }
  }

  /** Runs a program to its end, or to the limit: then it and its children are killed. */
  Ran run(Duration limit, String... command) {
    try {
      // A file, not a pipe: a child that outlives the program cannot hold this up.
      var output = Files.createTempFile("holdfast-doctor", ".txt");
      try {
        var code = wait(start(output, command), limit);
        return new Ran(code, beginning(output));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      return new Ran(127, String.valueOf(e.getMessage()));
    }
  }

  private Process start(Path output, String... command) throws IOException {
    var words = new ArrayList<>(List.of(command));
    // Where this machine's PATH has it; that of this process may be another.
    find(command[0]).ifPresent(file -> words.set(0, file.toString()));
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("PATH", path());
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
    builder.redirectInput(Path.of("/dev/null").toFile()).redirectOutput(output.toFile());
    return builder.start();
  }

  private static int wait(Process process, Duration limit) {
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
      return 124;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 124;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String beginning(Path output) {
    try (var stream = Files.newInputStream(output)) {
      return new String(stream.readNBytes(OUTPUT_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
