package dev.holdfast.policy.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Runs scripts in the real bash, where the only programs are recorders of their own name and the
 * wrappers that the reader knows. Each script gets a directory and two seconds.
 */
final class Bash {
  static final List<String> RECORDERS = List.of("alpha", "beta", "gamma", "rm", "git", "EOF");
  private static final List<String> WRAPPERS =
      List.of("env", "xargs", "nice", "timeout", "find", "bash", "sh", "nohup", "setsid", "stdbuf");
  private static final String DRIVER =
      """
      for d in "$1"/s*; do
        mkdir "$d/cwd" && cd "$d/cwd" || exit 1
        env -i PATH="$1/bin" LOG="$d/log" FUNCNEST=4 X=beta /usr/bin/timeout -s KILL 2 \
          /bin/bash --norc --noprofile -c "$(cat "$d/script")" </dev/null >/dev/null 2>&1
      done
      exit 0
      """;

  private final Path directory;

  Bash(Path directory) throws IOException {
    this.directory = directory;
    var bin = Files.createDirectory(directory.resolve("bin"));
    for (var name : RECORDERS) {
      var file = Files.writeString(bin.resolve(name), "#!/bin/sh\necho \"${0##*/}\" >> \"$LOG\"\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    for (var name : WRAPPERS) {
      Files.createSymbolicLink(
          bin.resolve(name), Path.of(name.equals("bash") ? "/bin/bash" : "/usr/bin/" + name));
    }
  }

  /** The names of the recorders that each script ran. */
  List<Set<String>> run(List<String> scripts) throws IOException, InterruptedException {
    var width = 6;
    for (var i = 0; i < scripts.size(); i++) {
      var own =
          Files.createDirectory(directory.resolve("s" + "%0".concat(width + "d").formatted(i)));
      Files.writeString(own.resolve("script"), scripts.get(i));
    }
    var process =
        new ProcessBuilder("/bin/bash", "-c", DRIVER, "driver", directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    if (!process.waitFor(scripts.size() * 2L + 10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("bash did not end");
    }
    var ran = new ArrayList<Set<String>>();
    for (var i = 0; i < scripts.size(); i++) {
      var log = directory.resolve("s" + "%0".concat(width + "d").formatted(i)).resolve("log");
      ran.add(Files.exists(log) ? Set.copyOf(Files.readAllLines(log)) : Set.of());
    }
    return ran;
  }

  /** Whether bash accepts each script's syntax. */
  static boolean accepts(String script) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder("/bin/bash", "--norc", "-n", "-c", script)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("bash did not end");
    }
    return process.exitValue() == 0;
  }
}
