package dev.holdfast.workbench.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestKernelTest {
  @TempDir Path root;

  private void kernel(String version, boolean withNinePfs) throws IOException {
    Files.createDirectories(root.resolve("boot"));
    Files.createFile(root.resolve("boot/vmlinuz-" + version));
    for (String name : GuestKernel.moduleNames()) {
      Path module = root.resolve("lib/modules/" + version + "/kernel/" + name + ".ko");
      Files.createDirectories(module.getParent());
      if (withNinePfs || !name.endsWith("/9p")) {
        Files.createFile(module);
      }
    }
  }

  @Test
  void theNewestWithEveryDriverIsTaken() throws IOException {
    kernel("6.1.0-9-amd64", true);
    kernel("6.1.0-10-amd64", true);
    kernel("6.12.0-1-cloud-amd64", false);

    assertThat(GuestKernel.newest(root).orElseThrow().version()).isEqualTo("6.1.0-10-amd64");
  }

  @Test
  void withoutModulesThereIsNone() throws IOException {
    assertThat(GuestKernel.newest(root)).isEmpty();
    Files.createDirectories(root.resolve("lib/modules/6.1.0-9-amd64"));
    assertThat(GuestKernel.newest(root)).isEmpty();
  }
}
