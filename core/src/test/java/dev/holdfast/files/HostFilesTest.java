package dev.holdfast.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTest {
  @TempDir Path directory;

  @Test
  void aTreeIsRemovedAndWhatItsLinksLeadToIsNot() throws IOException {
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.writeString(other.resolve("kept"), "kept");
    Path tree = directory.resolve("tree");
    Files.createDirectories(tree.resolve("deep/er"));
    Files.writeString(tree.resolve("deep/file"), "gone");
    Files.createSymbolicLink(tree.resolve("link"), other);
    HostFiles.delete(tree);
    assertThat(tree).doesNotExist();
    assertThat(other.resolve("kept")).hasContent("kept");
  }

  @Test
  void whatIsNotThereIsRemovedAlready() throws IOException {
    HostFiles.delete(directory.resolve("never"));
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aNumberOfTheKernelsIsReadWhole() throws IOException {
    Path setting = Path.of("/proc/sys/kernel/pid_max");
    assertThat(Long.parseLong(HostFiles.ofKernel(setting).strip())).isGreaterThan(300);
  }
}
