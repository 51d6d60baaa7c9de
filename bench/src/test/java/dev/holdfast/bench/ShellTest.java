package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellTest {
  @TempDir Path directory;

  @Test
  void runsWhatItIsGivenWordByWord() throws Exception {
    Path odd = directory.resolve("a 'b' $HOME; c");
    try (Shell shell = Shell.open()) {
      shell.run("touch", odd.toString());
    }
    assertThat(odd).exists();
  }

  @Test
  void aProgramThatFailsIsAnErrorWithItsStatusAndTheShellGoesOn() throws Exception {
    try (Shell shell = Shell.open()) {
      assertThatThrownBy(() -> shell.run("sh", "-c", "exit 7"))
          .isInstanceOf(BenchException.class)
          .hasMessageContaining("`7`");
      shell.run("true");
    }
  }

  @Test
  void whatIsWrittenToACoveredMountStaysThere() throws Exception {
    Path file = Path.of("/dev/shm", "holdfast-bench-" + UUID.randomUUID());
    try (Shell shell = Shell.covering(Path.of("/dev/shm"))) {
      shell.run("touch", file.toString());
      shell.run("test", "-e", file.toString());
    }
    assertThat(Files.exists(file)).isFalse();
  }
}
