package dev.holdfast.workbench.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trees as a hostile agent leaves them. */
@Timeout(60)
class SavedTreeTest {
  private final Path place;
  private final Path tree;
  private final Path into;

  SavedTreeTest(@TempDir Path place) throws IOException {
    this.place = place;
    this.tree = Files.createDirectory(place.resolve("tree"));
    this.into = Files.createDirectory(place.resolve("into"));
  }

  private void thereAndBack() throws IOException {
    Path file = place.resolve("file");
    Tree.save(tree, file, Tree.MOST_BYTES);
    Tree.restore(file, into);
  }

  @Test
  void linksOutOfTheTreeStayLinks() throws IOException {
    Path outside = Files.createDirectory(place.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "the host's");
    Files.createSymbolicLink(tree.resolve("absolute"), outside);
    Files.createSymbolicLink(tree.resolve("upwards"), Path.of("../outside/secret"));

    thereAndBack();

    assertThat(Files.readSymbolicLink(into.resolve("absolute"))).isEqualTo(outside);
    assertThat(Files.readSymbolicLink(into.resolve("upwards")).toString())
        .isEqualTo("../outside/secret");
    assertThat(Files.size(place.resolve("file"))).isLessThan(100_000);
    assertThat(outside).isDirectoryContaining(path -> path.endsWith("secret"));
  }

  @Test
  void holesTakeNoRoom() throws IOException, InterruptedException {
    run("truncate", "-s", "1T", tree.resolve("hole").toString());

    thereAndBack();

    assertThat(Files.size(place.resolve("file"))).isLessThan(1 << 20);
    assertThat(Files.size(into.resolve("hole"))).isEqualTo(1L << 40);
  }

  @Test
  void namesThatLookLikeOptionsAndNewlinesAreNames() throws IOException {
    for (String name : new String[] {"--checkpoint-action=exec=touch x", "-C", "a\nb", "\u202e"}) {
      Files.writeString(tree.resolve(name), name);
    }

    thereAndBack();

    try (var files = Files.list(into)) {
      assertThat(files).hasSize(4);
    }
    assertThat(Files.readString(into.resolve("a\nb"))).isEqualTo("a\nb");
  }

  @Test
  void aTreeDeeperThanAnyNameIsNotRestoredAndCanBeRemoved() throws Exception {
    var script =
        """
        import os, sys
        os.chdir(sys.argv[1])
        for i in range(60):
            os.mkdir('d' * 200)
            os.chdir('d' * 200)
        open('bottom', 'w').write('x')
        """;
    run("python3", "-c", script, tree.toString());

    assertThatThrownBy(this::thereAndBack)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("File name too long");
    Tree.remove(tree);
    Tree.remove(into);

    assertThat(tree).doesNotExist();
    assertThat(into).doesNotExist();
  }

  @Test
  void longNamesOfManyFilesFillNoDisk() throws Exception {
    var script =
        """
        import os, sys
        os.chdir(sys.argv[1])
        for i in range(60):
            os.mkdir('d' * 200)
            os.chdir('d' * 200)
        open('file', 'w').close()
        for i in range(1000):
            os.link('file', str(i))
        """;
    run("python3", "-c", script, tree.toString());
    Path file = place.resolve("file");
    long most = 4 << 20;

    assertThatThrownBy(() -> Tree.save(tree, file, most))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("more than the 4194304 bytes");

    assertThat(Files.size(file)).isLessThanOrEqualTo(most);
    Tree.remove(tree);
  }

  @Test
  void fifosAndSocketsDoNotBlock() throws Exception {
    run("mkfifo", tree.resolve("fifo").toString());
    Files.writeString(tree.resolve("file"), "x");

    thereAndBack();

    assertThat(Files.exists(into.resolve("fifo"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(into.resolve("file")).hasContent("x");
  }

  @Test
  void nothingIsRestoredOverFilesThatAreThere() throws IOException {
    Tree.save(tree, place.resolve("file"), Tree.MOST_BYTES);
    Files.writeString(into.resolve("here"), "x");
    assertThatThrownBy(() -> Tree.restore(place.resolve("file"), into))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("is not empty");
  }

  private static void run(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }
}
