package dev.holdfast.scorecard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.FileEntry;
import dev.holdfast.workbench.GuestFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The counterproof: where nothing holds them, attacks succeed and are seen to. Those that do the
 * host no harm are run on it directly.
 */
class WithoutWallsTest {
  @TempDir Path directory;
  private Bait bait;

  @BeforeEach
  void lay() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path neighbour = Files.writeString(directory.resolve("neighbour"), "of another run");
    bait = Bait.lay(directory, neighbour);
  }

  @AfterEach
  void takeAway() throws Exception {
    bait.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host-abstract",
        "host-loopback",
        "host-files",
        "host-ipc",
        "keyrings",
        "namespaces",
        "neighbours",
        "open-files",
        "sys",
        "tracing",
        "working-directory"
      })
  void theAttackSucceeds(String name) throws Exception {
    assertThat(Verdict.of(run(name), reason -> true, attempt -> false))
        .isInstanceOf(Verdict.Broken.class);
  }

  @Test
  void theBaitTellsOfVisitorsAndOfItsTokenInTheirHands() throws Exception {
    assertThat(bait.traces("")).isEmpty();
    run("host-abstract");
    run("host-loopback");
    var read = Files.readString(directory.resolve("secret"));
    for (int i = 0; i < 100 && bait.traces(read).size() < 3; i++) {
      Thread.sleep(20);
    }
    assertThat(bait.traces(read))
        .contains("visited\tabstract socket", "visited\tloopback", "the host's secret was read");
  }

  /** Files of a host that follows links, as it must not. */
  private record Naive(Path root) implements GuestFiles {
    @Override
    public byte[] read(String path, long offset, int limit) {
      try {
        return Files.readAllBytes(root.resolve(path));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void write(String path, InputStream content, boolean executable) throws IOException {
      write(path, content.readAllBytes(), executable);
    }

    @Override
    public void write(String path, byte[] content, boolean executable) {
      try {
        Files.write(root.resolve(path), content);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public List<FileEntry> list(String path, int limit) {
      return List.of();
    }

    @Override
    public Optional<FileEntry> stat(String path) {
      return Optional.empty();
    }

    @Override
    public void delete(String path) {}

    @Override
    public void makeDirectory(String path) {}

    @Override
    public void move(String from, String to) {}
  }

  @Test
  void aHostThatFollowsLinksWhileItWorksBesideTheAttackIsFoundOut() throws Exception {
    Path workspace = Files.createDirectory(directory.resolve("workspace"));
    Files.createSymbolicLink(workspace.resolve("door"), directory);
    var errand = new Errand(new Naive(workspace));

    errand.run();

    assertThat(bait.traces(errand.brought()))
        .containsExactly("the host's secret was read", "a file was put beside the host's secret");
  }

  private String run(String name) throws Exception {
    var command = new ArrayList<>(List.of(directory.resolve("attack").toString(), name));
    command.addAll(bait.arguments());
    command.add("open-files=20");
    Process process = new ProcessBuilder(command).start();
    process.getOutputStream().close();
    var output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
