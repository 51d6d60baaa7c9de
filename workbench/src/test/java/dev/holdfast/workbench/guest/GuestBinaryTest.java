package dev.holdfast.workbench.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestBinaryTest {
  @TempDir private Path directory;

  @Test
  void putsTheProgramThereOnceAndReadOnly() throws IOException {
    Path first = GuestBinary.extractTo(directory.resolve("new"));
    var modified = Files.getLastModifiedTime(first);
    assertThat(GuestBinary.extractTo(directory.resolve("new"))).isEqualTo(first);
    assertThat(Files.getLastModifiedTime(first)).isEqualTo(modified);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first)))
        .isEqualTo("r-xr-xr-x");
    assertThat(Files.size(first)).isLessThan(1_000_000);
  }

  @Test
  void replacesAProgramThatIsNotTheRightOne() throws IOException {
    Path program = GuestBinary.extractTo(directory);
    byte[] right = Files.readAllBytes(program);
    byte[] wrong = right.clone();
    wrong[wrong.length / 2] ^= 1;
    Files.delete(program);
    Files.write(program, wrong);
    assertThat(Files.readAllBytes(GuestBinary.extractTo(directory))).isEqualTo(right);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(program);
    }
  }

  @Test
  void saysWhereItCannotBePut() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatThrownBy(() -> GuestBinary.extractTo(file))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining(file.toString());
  }
}
