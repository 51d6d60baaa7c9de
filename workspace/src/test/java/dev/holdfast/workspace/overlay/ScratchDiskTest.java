package dev.holdfast.workspace.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchDiskTest {
  private static final long BYTES = 32L << 20;

  @TempDir Path state;

  @Test
  void holdsWhatItIsToHoldAndIsGoneWhenItIsClosed() throws IOException {
    Path path;
    try (var disk = ScratchDisk.make(state, BYTES)) {
      path = disk.path();
      Files.write(path.resolve("small"), new byte[1 << 20]);
      assertThatThrownBy(() -> Files.write(path.resolve("large"), new byte[(int) BYTES]))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left");
    }
    assertThat(path).doesNotExist();
    assertThat(state.resolve("scratch")).isEmptyDirectory();
    assertThat(Mounts.Table.read().contains(path)).isFalse();
  }

  @Test
  void whatThisMachineHasNoRoomForIsNotTakenForKept() throws IOException {
    try (var machine = ScratchDisk.make(state, BYTES);
        var disk = ScratchDisk.make(machine.path(), 2 * BYTES)) {
      disk.settle();
      Files.write(disk.path().resolve("large"), new byte[(int) BYTES]);
      assertThatThrownBy(disk::settle)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("want of room");
    }
  }

  @Test
  void whatAnAgentHasFilledHasRoomForWhatACopyTakesMore() throws IOException {
    try (var disk = ScratchDisk.make(state, BYTES)) {
      Path tree = Files.createDirectory(disk.path().resolve("workspace"));
      Files.setAttribute(tree, "unix:uid", Fixture.OWNER);
      Fixture.agent(tree, "! cat /dev/zero > all 2> /dev/null");
      Files.write(tree.resolve("host's"), new byte[(int) BYTES / 200]);
      disk.settle();
    }
  }

  @Test
  void whatADeadProcessLeftIsRemovedAndWhatALivingOneHasIsNot() throws IOException {
    try (var living = ScratchDisk.make(state, BYTES)) {
      var dead = ScratchDisk.make(state, BYTES);
      new Owner(1, 0, "another-boot").write(dead.path().resolveSibling("owner"));
      new OverlayWorkspaces(state, 0).recover();
      assertThat(dead.path()).doesNotExist();
      assertThat(Mounts.Table.read().contains(dead.path())).isFalse();
      Files.writeString(living.path().resolve("still"), "there");
      assertThat(Mounts.Table.read().contains(living.path())).isTrue();
    }
  }
}
