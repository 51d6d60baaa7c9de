package dev.holdfast.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A shell of the host that waits and runs what it is given. Peers run through it: what it adds to
 * them is a fork, where starting them from here would add a millisecond or two.
 */
final class Shell implements AutoCloseable {
  private static final long LIMIT_SECONDS = 120;
  private static final String END = "gone";

  private final Process process;
  private final OutputStream commands;
  private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private Shell(String... argv) throws IOException {
    process =
        new ProcessBuilder(argv)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .directory(new java.io.File("/"))
            .start();
    commands = process.getOutputStream();
    Thread.ofVirtual().start(this::read);
  }

  static Shell open() throws IOException {
    return new Shell("sh");
  }

  /**
   * One for which a mount is covered by an empty file system of its own. Whatever is written there
   * goes away with the shell.
   */
  static Shell covering(Path mount) throws IOException {
    var script = "umount \"$0\" && mount -t tmpfs none \"$0\" && exec sh";
    return new Shell("unshare", "--mount", "sh", "-c", script, mount.toString());
  }

  private void read() {
    try (var lines = process.inputReader()) {
      for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.add(line);
      }
    } catch (IOException _) {
      // Whoever waits is told below.
    }
    answers.add(END);
  }

  /** Runs a program to its end, its output thrown away. */
  void run(String... argv) throws IOException, InterruptedException {
    run(Arrays.asList(argv));
  }

  void run(List<String> argv) throws IOException, InterruptedException {
    var line = argv.stream().map(Shell::quoted).collect(Collectors.joining(" "));
    commands.write(
        (line + " </dev/null >/dev/null 2>&1; echo $?\n").getBytes(StandardCharsets.UTF_8));
    commands.flush();
    var status = answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (status == null) {
      close();
      throw new BenchException("`%s` did not end in time".formatted(String.join(" ", argv)));
    }
    if (!status.equals("0")) {
      throw new BenchException("`%s` ended with `%s`".formatted(String.join(" ", argv), status));
    }
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
