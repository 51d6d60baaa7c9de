package dev.holdfast.workbench.wasm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What files in memory hold is what is counted, whatever a program does with them. */
@Timeout(120)
class FileTreeTest {
  private static final int MOST = 64 << 20;

  private final FileTree tree = new FileTree(MOST, true);

  private Spot spot(String path) {
    return tree.find(tree.root(), path);
  }

  private static void assertFull(ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            WasiError.class, it -> assertThat(it.errno()).isEqualTo(Errno.NOSPC));
  }

  @Test
  void aFileHoldsAtMostTwiceWhatIsCounted() {
    var file = tree.create(spot("f"));
    for (int size : new int[] {1, 255, 256, 257, 1 << 20, MOST / 2, 1 << 20, 1000, 300, 1, 0, 7}) {
      tree.resize(file, size);
      assertThat(file.held()).as("%d bytes", size).isBetween(size, Math.max(256, 2 * size + 1));
    }
    for (int size = 0; size < 100_000; size += 100) {
      tree.write(file, size, new byte[100]);
      assertThat(file.held()).isBetween(size + 100, Math.max(256, 2 * (size + 100)));
    }
  }

  @Test
  void whatIsCutOffReadsAsZerosWhenTheFileGrowsAgain() {
    var file = tree.create(spot("f"));
    for (int size : new int[] {10, 600, 1_000}) {
      tree.write(file, 0, "x".repeat(1_000).getBytes(US_ASCII));
      tree.resize(file, size);
      tree.resize(file, 2_000);
      assertThat(new String(tree.read(file, 0, 2_000), US_ASCII))
          .isEqualTo("x".repeat(size) + "\0".repeat(2_000 - size));
    }
  }

  @Test
  void namesCountAlsoThoseThatFilesAreMovedTo() {
    var small = new FileTree(2_500, true);
    var root = small.root();
    for (String name : new String[] {"a", "b", "c"}) {
      small.makeDirectory(small.find(root, name));
    }
    var far = "木".repeat(250);
    assertFull(() -> small.makeDirectory(small.find(root, far + far.substring(0, 5))));
    small.move(small.find(root, "a"), small.find(root, far));
    assertFull(() -> small.move(small.find(root, "b"), small.find(root, far + "2")));
    small.move(small.find(root, far), small.find(root, "b"));
    small.move(small.find(root, "c"), small.find(root, far));
    small.removeDirectory(small.find(root, far));
    small.removeDirectory(small.find(root, "b"));
    assertThat(small.entries(root)).isEmpty();
    small.place("whole", new byte[2_500 - 512 - 10]);
    assertFull(() -> small.makeDirectory(small.find(root, "d")));
  }
}
