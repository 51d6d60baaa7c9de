package dev.holdfast.workbench.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class MicrovmEngineTest {
  private static final Caps CAPS = Caps.DEFAULT.withMemoryBytes(256L << 20).withPids(64);

  @TempDir static Path home;
  private static MicrovmEngine engine;

  @BeforeAll
  static void open() {
    engine = MicrovmEngine.open(home);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @Test
  void aProgramRunsOnAKernelOfItsOwn() {
    try (Workbench workbench = engine.create(WorkbenchSpec.empty(CAPS))) {
      var result = workbench.exec(ExecSpec.of("uname", "-r"));

      assertThat(result.succeeded()).isTrue();
      assertThat(result.stdoutText().strip())
          .isEqualTo(GuestKernel.find().orElseThrow().version())
          .isNotEqualTo(System.getProperty("os.version"));
    }
  }
}
