package dev.holdfast.workbench;

import java.nio.charset.StandardCharsets;

/** An execution that has ended, with its output as far as the limit allowed. */
public record ExecResult(End end, byte[] stdout, byte[] stderr, ResourceUse use) {
  /** Whether the program ended by itself with code 0. */
  public boolean succeeded() {
    return end instanceof End.Exited(int code) && code == 0;
  }

  /** stdout as UTF-8, malformed bytes replaced. */
  public String stdoutText() {
    return new String(stdout, StandardCharsets.UTF_8);
  }

  /** stderr as UTF-8, malformed bytes replaced. */
  public String stderrText() {
    return new String(stderr, StandardCharsets.UTF_8);
  }
}
