package dev.holdfast.testkit.workbench;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.GuestFiles;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the parts of the contract work with. */
interface Fixture {
  /** Small enough that a test can reach each of them. */
  Caps CAPS =
      new Caps(512L << 20, 2, 64, 8L << 20, 256, 16L << 20, 1L << 20, Duration.ofSeconds(60));

  WorkbenchEngine engine();

  /** A live workbench that a test may change files in, but not end. */
  Workbench workbench();

  /** The host's side of its workspace. */
  Path workspace();

  /** A fresh directory of the host that belongs to the engine's owner. */
  Path newWorkspace();

  Set<Difference> differences();

  /**
   * Fails when anything of an ended workbench is still on the host: processes, mounts, control
   * groups, files, sockets.
   */
  void assertNothingLeft(WorkbenchId id);

  default ExecSpec spec(String... argv) {
    return ExecSpec.of(List.of(argv), CAPS);
  }

  default ExecResult sh(String script) {
    return workbench().exec(spec("sh", "-c", script));
  }

  /** Runs a script that must succeed; its output. */
  default String output(String script) {
    ExecResult result = sh(script);
    Assertions.assertThat(result.succeeded())
        .as("%s: %s%s", result.end(), result.stdoutText(), result.stderrText())
        .isTrue();
    return result.stdoutText();
  }

  default ExecResult python(String script) {
    return workbench().exec(spec("python3", "-c", script));
  }

  default GuestFiles files() {
    return workbench().files();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] noise(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  static void assertCode(FileError.Code code, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            FileError.class,
            e -> Assertions.assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
