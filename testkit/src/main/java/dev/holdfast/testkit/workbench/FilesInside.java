package dev.holdfast.testkit.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.Execution;
import dev.holdfast.workbench.FileEntry;
import dev.holdfast.workbench.FileError;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The files of the workspace as the guest reads and writes them, and as programs make them. */
interface FilesInside extends Fixture {
  @Test
  default void keepsTheModeOfAnExistingFileAndGivesNewOnesTheirs() {
    files().write("modes/plain", Fixture.bytes("x"), false);
    files().write("modes/run", Fixture.bytes("x"), true);
    output("cd modes; echo x > odd; chmod 640 odd");
    files().write("modes/odd", Fixture.bytes("y"), true);
    assertThat(files().stat("modes/plain").orElseThrow().mode()).isEqualTo(0644);
    assertThat(files().stat("modes/run").orElseThrow().mode()).isEqualTo(0755);
    assertThat(files().stat("modes/odd").orElseThrow().mode()).isEqualTo(0640);
  }

  @Test
  default void saysWhatLinksAndFifosAre() {
    output("mkdir special; cd special; echo hello > f; ln -s f l");
    boolean fifo = sh("mkfifo special/p").succeeded();
    assertThat(fifo).isNotEqualTo(differences().contains(Difference.NO_FIFOS_IN_THE_WORKSPACE));
    assertThat(files().stat("special/l").orElseThrow().kind()).isEqualTo(FileEntry.Kind.SYMLINK);
    assertThat(files().stat("special/p").map(FileEntry::kind))
        .isEqualTo(fifo ? Optional.of(FileEntry.Kind.OTHER) : Optional.empty());
  }

  @Test
  default void listsLargeDirectoriesSortedAndBounded() {
    output("mkdir many; cd many; seq -w 0 1499 | xargs touch; mkdir sub");
    List<FileEntry> all = files().list("many", 100_000);
    assertThat(all).hasSize(1501);
    assertThat(all).extracting(FileEntry::name).isSorted().endsWith("1499", "sub");
    assertThat(files().list("many", 450)).isEqualTo(all.subList(0, 450));
  }

  @Test
  default void deletesTreesAndNoMore() {
    output("mkdir -p t/a/b t/ro; touch t/a/b/c t/ro/x; ln -s / t/link; chmod 555 t/ro");
    files().delete("t");
    assertThat(files().stat("t")).isEmpty();
    Fixture.assertCode(FileError.Code.NOT_FOUND, () -> files().delete("t"));
    Fixture.assertCode(FileError.Code.NOT_ALLOWED, () -> files().delete("."));
    Fixture.assertCode(FileError.Code.NOT_ALLOWED, () -> files().delete(""));
  }

  @Test
  default void followsLinksThatStayInsideWhenWriting() {
    output(
        "mkdir l; cd l; mkdir d; echo old > d/real; ln -s d/real link; ln -s ../d/real d/up;"
            + " ln -s new d/dangling");
    files().write("l/link", Fixture.bytes("1"), false);
    assertThat(files().read("l/d/real", 0, 10)).isEqualTo(Fixture.bytes("1"));
    files().write("l/d/up", Fixture.bytes("2"), false);
    assertThat(files().read("l/d/real", 0, 10)).isEqualTo(Fixture.bytes("2"));
    files().write("l/d/dangling", Fixture.bytes("3"), false);
    assertThat(files().read("l/d/new", 0, 10)).isEqualTo(Fixture.bytes("3"));
    assertThat(files().stat("l/link").orElseThrow().kind()).isEqualTo(FileEntry.Kind.SYMLINK);
  }

  @Test
  default void refusesEveryWayOutOfTheWorkspace() {
    output(
        "echo secret > /tmp/secret; mkdir o; cd o; ln -s ../.. up; ln -s ../../tmp/secret out;"
            + " ln -s /tmp/secret absolute; ln -s /proc/self/root magic; mkdir d");
    byte[] bad = Fixture.bytes("bad");
    for (String path :
        List.of("../tmp/secret", "/tmp/secret", "o/d/../../../tmp/secret", "o/out", "o/absolute")) {
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().read(path, 0, 10));
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().write(path, bad, false));
    }
    for (String path : List.of("../x", "o/up/tmp/x", "/tmp/x", "o/magic/tmp/x")) {
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().makeDirectory(path));
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().write(path, bad, false));
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().delete(path));
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().move("o/d", path));
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().move(path, "o/e"));
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().stat(path));
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().list(path, 5));
    }
    assertThat(output("cat /tmp/secret; rm -r o /tmp/secret")).isEqualTo("secret\n");
  }

  @Test
  default void neverLeavesTheWorkspaceWhileDirectoriesAndLinksChangePlaces() {
    output(
        "mkdir -p /tmp/outside race/x; echo secret > /tmp/outside/f; echo inside > race/x/f;"
            + " ln -s /tmp/outside race/y");
    String swap =
        """
        import os
        os.chdir('race')
        while True:
          os.rename('x', 'z'); os.rename('y', 'x'); os.rename('x', 'y'); os.rename('z', 'x')
        """;
    try (Execution racer = workbench().start(spec("python3", "-c", swap))) {
      int inside = 0;
      for (int i = 0; i < 600; i++) {
        inside += raceOnce(i) ? 1 : 0;
      }
      assertThat(inside).as("operations that found the directory").isPositive();
      racer.signal(9);
      racer.await();
    }
    assertThat(output("cat /tmp/outside/f; ls /tmp/outside; rm -r /tmp/outside race"))
        .isEqualTo("secret\nf\n");
  }

  private boolean raceOnce(int turn) {
    try {
      switch (turn % 3) {
        case 0 ->
            assertThat(files().read("race/x/f", 0, 100)).isNotEqualTo(Fixture.bytes("secret\n"));
        case 1 -> files().write("race/x/f", Fixture.bytes("inside"), false);
        default -> files().makeDirectory("race/x/new");
      }
      return true;
    } catch (FileError e) {
      return false;
    }
  }
}
