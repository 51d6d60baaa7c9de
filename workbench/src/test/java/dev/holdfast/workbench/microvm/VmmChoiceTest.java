package dev.holdfast.workbench.microvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class VmmChoiceTest {
  private static final String VARIABLE = "HOLDFAST_MICROVM_MONITOR";

  @TempDir Path home;

  /** Where the device is there and runs no guests, the trial hangs and is ended. */
  @Test
  void whatWorksIsFoundOnceAndNothingIsLeftOfTheTrial() throws Exception {
    MicrovmEngine.open(home, Map.of(VARIABLE, "qemu")).close();
    Path memory = home.resolve("rootfs/probe-microvm");
    List<String> found = Files.readAllLines(memory);
    FileTime then = Files.getLastModifiedTime(memory);

    assertThat(found.get(1)).isIn("QEMU_WITH_KVM", "QEMU_EMULATING");
    assertThat(home.resolve("rootfs")).isDirectoryNotContaining("glob:**/machine-draft-*");
    assertThat(MicrovmEngine.examine(home, Map.of(VARIABLE, "qemu")))
        .startsWith("QEMU")
        .doesNotContainPattern("\\p{Cntrl}");
    try (MicrovmEngine engine = MicrovmEngine.open(home, Map.of(VARIABLE, "qemu"));
        var workbench = engine.create(WorkbenchSpec.empty(Caps.DEFAULT))) {
      assertThat(workbench.exec(ExecSpec.of("true")).succeeded()).isTrue();
    }
    assertThat(Files.getLastModifiedTime(memory)).isEqualTo(then);
  }

  @Test
  void whoInsistsOnWhatDoesNotWorkIsRefusedWithTheReason() {
    for (String wrong : List.of("", "kvm", "Firecracker")) {
      assertThatThrownBy(() -> MicrovmEngine.open(home, Map.of(VARIABLE, wrong)))
          .isInstanceOf(WorkbenchException.class)
          .hasMessage(
              "`%s` is `%s`: auto, firecracker, qemu are allowed".formatted(VARIABLE, wrong));
    }
    if (!Files.exists(Path.of("/usr/local/bin/firecracker"))) {
      assertThatThrownBy(() -> MicrovmEngine.open(home, Map.of(VARIABLE, "firecracker")))
          .isInstanceOf(WorkbenchException.class)
          .hasMessage("microVMs do not work here: Firecracker: `firecracker` is not installed");
    }
  }
}
