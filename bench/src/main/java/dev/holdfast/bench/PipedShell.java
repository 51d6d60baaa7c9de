package dev.holdfast.bench;

import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import dev.holdfast.workbench.Workbench;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A shell that waits inside a workbench and runs what is written to it. */
final class PipedShell implements AutoCloseable {
  // By its path: the shell's own `true` would start no program.
  private static final byte[] TRUE = "/usr/bin/true; echo\n".getBytes(StandardCharsets.US_ASCII);

  private final Execution shell;

  private PipedShell(Execution shell) {
    this.shell = shell;
  }

  static PipedShell in(Workbench workbench) {
    return new PipedShell(
        workbench.start(
            ExecSpec.of("/bin/sh").withOpenStdin().withWallTime(Duration.ofMinutes(5))));
  }

  void runTrue() throws IOException {
    shell.stdin().write(TRUE);
    shell.stdin().flush();
    if (shell.stdout().read() != '\n') {
      throw new BenchException("the piped shell went away");
    }
  }

  @Override
  public void close() {
    shell.close();
  }
}
