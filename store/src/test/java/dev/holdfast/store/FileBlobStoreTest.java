package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.run.BlobStore;
import dev.holdfast.run.EventLogException;
import dev.holdfast.testkit.BlobStoreContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreTest extends BlobStoreContract {
  private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path dir;

  @Override
  protected BlobStore open() {
    return new FileBlobStore(dir.resolve("blobs"));
  }

  @Test
  void keepsOneFileUnderTheHashAndNothingElse() throws IOException {
    open().put(ABC);
    try (var files = Files.walk(dir.resolve("blobs"))) {
      assertThat(files.filter(Files::isRegularFile)).containsExactly(abcFile());
    }
    assertThat(Files.getPosixFilePermissions(dir.resolve("blobs")))
        .doesNotContain(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);
  }

  @Test
  void refusesBytesThatAreNotTheNamedOnesAndMendsThemWhenPutAgain() throws IOException {
    var id = open().put(ABC);
    Files.writeString(abcFile(), "abd");
    assertThatThrownBy(() -> open().get(id))
        .isInstanceOf(EventLogException.class)
        .hasMessageContaining(id.value());
    open().put(ABC);
    assertThat(open().get(id)).isEqualTo(ABC);
  }

  @Test
  void doesNotStoreWhereItCannotWrite() throws IOException {
    var store = open();
    Files.delete(dir.resolve("blobs"));
    Files.writeString(dir.resolve("blobs"), "a file where the directory was");
    assertThatThrownBy(() -> store.put(ABC)).isInstanceOf(EventLogException.class);
  }

  private Path abcFile() {
    return dir.resolve("blobs/ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
