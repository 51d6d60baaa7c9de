package dev.holdfast.workbench.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.FileEntry;
import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.GuestFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FilesTest {
  private RealGuest real;
  private GuestFiles files;

  @BeforeEach
  void start() {
    real = RealGuest.start();
    files = real.guest.files();
  }

  @AfterEach
  void stop() {
    real.close();
  }

  private void sh(String script) {
    var spec =
        ExecSpec.of(List.of("sh", "-c", script), Caps.DEFAULT)
            .withDirectory(real.workspace.toString());
    assertThat(real.guest.exec(spec).succeeded()).isTrue();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void assertCode(FileError.Code code, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            FileError.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  @Test
  void whatIsStreamedIsThereWholeOrNotAtAll() throws Exception {
    var content = new byte[1_000_000];
    new Random(3).nextBytes(content);
    files.write("streamed", new ByteArrayInputStream(content), false);
    assertThat(files.read("streamed", 0, 2_000_000)).isEqualTo(content);

    for (int length : new int[] {10, 200_000}) {
      var broken =
          new SequenceInputStream(
              new ByteArrayInputStream(new byte[length]),
              new PipedInputStream()); // not connected: reading fails
      assertThatThrownBy(() -> files.write("streamed", broken, false))
          .isInstanceOf(IOException.class)
          .hasMessage("Pipe not connected");
    }
    assertThat(files.read("streamed", 0, 2_000_000)).isEqualTo(content);
    assertThat(files.list("", 10)).extracting(FileEntry::name).containsExactly("streamed");
    assertThat(real.guest.answers()).isTrue();
  }

  @Test
  void aStreamThatTheGuestRefusesEndsEarly() {
    files.makeDirectory("taken");
    assertCode(
        FileError.Code.IS_DIRECTORY,
        () -> files.write("taken", new ByteArrayInputStream(new byte[1_000_000]), false));
    assertThat(real.guest.answers()).isTrue();
  }

  @Test
  void writesAndReadsContentOfAnySize() {
    for (int size : new int[] {0, 1, 65_535, 65_536, 65_537, 3_000_000}) {
      var content = new byte[size];
      new Random(size).nextBytes(content);
      files.write("deep/er/file", content, false);
      assertThat(files.read("deep/er/file", 0, Integer.MAX_VALUE)).isEqualTo(content);
    }
    assertThat(files.read("deep/er/file", 2_999_990, 5)).hasSize(5);
    assertThat(files.read("deep/er/file", 4_000_000, 5)).isEmpty();
    assertThat(files.read("deep/er/file", 0, 70_000)).hasSize(70_000);
    assertThat(files.list("deep/er", 10)).extracting(FileEntry::name).containsExactly("file");
  }

  @Test
  void keepsTheModeOfAnExistingFileAndGivesNewOnesTheirs() {
    files.write("plain", bytes("x"), false);
    files.write("run", bytes("x"), true);
    sh("echo x > odd; chmod 640 odd");
    files.write("odd", bytes("y"), true);
    assertThat(files.stat("plain").orElseThrow().mode()).isEqualTo(0644);
    assertThat(files.stat("run").orElseThrow().mode()).isEqualTo(0755);
    assertThat(files.stat("odd").orElseThrow().mode()).isEqualTo(0640);
  }

  @Test
  void saysWhatAPathNames() {
    sh("mkdir d; echo hello > f; ln -s f l; mkfifo p");
    assertThat(files.stat("f").orElseThrow())
        .extracting(FileEntry::name, FileEntry::kind, FileEntry::bytes)
        .containsExactly("f", FileEntry.Kind.FILE, 6L);
    assertThat(files.stat("d").orElseThrow().kind()).isEqualTo(FileEntry.Kind.DIRECTORY);
    assertThat(files.stat("l").orElseThrow().kind()).isEqualTo(FileEntry.Kind.SYMLINK);
    assertThat(files.stat("p").orElseThrow().kind()).isEqualTo(FileEntry.Kind.OTHER);
    assertThat(files.stat("nothing")).isEmpty();
    assertThat(files.stat("f/below")).isEmpty();
    assertCode(FileError.Code.NOT_ALLOWED, () -> files.read("p", 0, 1));
    assertCode(FileError.Code.IS_DIRECTORY, () -> files.read("d", 0, 1));
    assertCode(FileError.Code.NOT_FOUND, () -> files.read("nothing", 0, 1));
    assertCode(FileError.Code.IS_DIRECTORY, () -> files.write("d", bytes("x"), false));
    assertCode(FileError.Code.NOT_DIRECTORY, () -> files.write("f/below", bytes("x"), false));
  }

  @Test
  void listsLargeDirectoriesSortedAndBounded() {
    sh("mkdir many; cd many; seq -w 0 1499 | xargs touch; mkdir sub");
    List<FileEntry> all = files.list("many", 100_000);
    assertThat(all).hasSize(1501);
    assertThat(all).extracting(FileEntry::name).isSorted().endsWith("1499", "sub");
    assertThat(files.list("many", 450)).isEqualTo(all.subList(0, 450));
    assertThat(files.list("", 10)).extracting(FileEntry::name).containsExactly("many");
  }

  @Test
  void deletesTreesHoweverDeepAndReadOnly() {
    sh(
        "mkdir -p t/a/b t/ro; touch t/a/b/c t/ro/x; ln -s / t/link; chmod 555 t/ro;"
            + " cd t; i=0; while [ $i -lt 600 ]; do mkdir dddddddddddddddd; cd dddddddddddddddd; i=$((i+1)); done");
    files.delete("t");
    assertThat(files.stat("t")).isEmpty();
    assertThat(Files.exists(Path.of("/etc"))).isTrue();
    assertCode(FileError.Code.NOT_FOUND, () -> files.delete("t"));
    assertCode(FileError.Code.NOT_ALLOWED, () -> files.delete("."));
    assertCode(FileError.Code.NOT_ALLOWED, () -> files.delete(""));
  }

  @Test
  void movesAndMakesDirectories() {
    files.makeDirectory("a/b/c");
    files.makeDirectory("a/b/c");
    files.write("a/f", bytes("1"), false);
    files.write("a/g", bytes("2"), false);
    files.move("a/f", "a/g");
    files.move("a", "z");
    assertThat(files.read("z/g", 0, 10)).isEqualTo(bytes("1"));
    assertThat(files.stat("z/b/c")).isPresent();
    assertCode(FileError.Code.NOT_DIRECTORY, () -> files.makeDirectory("z/g/x"));
    assertCode(FileError.Code.NOT_FOUND, () -> files.move("a", "b"));
  }

  @Test
  void movesDirectoriesOfAnOverlaysBase() {
    try (var overlaid = RealGuest.startOnOverlay()) {
      GuestFiles there = overlaid.guest.files();
      there.move("base/d", "base/moved");
      assertThat(there.read("base/moved/f", 0, 10)).isEqualTo(bytes("hi\n"));
      assertThat(there.stat("base/d")).isEmpty();
      there.write("file", bytes("x"), false);
      assertCode(FileError.Code.NOT_DIRECTORY, () -> there.move("base/moved", "file"));
      assertThat(there.read("base/moved/f", 0, 10)).isEqualTo(bytes("hi\n"));
    }
  }

  @Test
  void followsLinksThatStayInsideWhenWriting() {
    sh("mkdir d; echo old > d/real; ln -s d/real link; ln -s ../d/real d/up; ln -s new d/dangling");
    files.write("link", bytes("1"), false);
    assertThat(files.read("d/real", 0, 10)).isEqualTo(bytes("1"));
    files.write("d/up", bytes("2"), false);
    assertThat(files.read("d/real", 0, 10)).isEqualTo(bytes("2"));
    files.write("d/dangling", bytes("3"), false);
    assertThat(files.read("d/new", 0, 10)).isEqualTo(bytes("3"));
    assertThat(files.stat("link").orElseThrow().kind()).isEqualTo(FileEntry.Kind.SYMLINK);
  }

  @Test
  void refusesEveryWayOutOfTheWorkspace() throws IOException {
    Path secret = Files.writeString(real.root.resolve("secret"), "secret");
    Files.setAttribute(real.root, "unix:mode", 0777);
    Files.setAttribute(secret, "unix:mode", 0666);
    sh(
        "ln -s .. up; ln -s ../secret out; ln -s "
            + secret
            + " absolute; ln -s /proc/self/root magic; mkdir d");
    for (String path :
        List.of("../secret", secret.toString(), "d/../../secret", "up/secret", "out", "absolute")) {
      assertCode(FileError.Code.OUTSIDE, () -> files.read(path, 0, 10));
      assertCode(FileError.Code.OUTSIDE, () -> files.write(path, bytes("bad"), false));
    }
    for (String path : List.of("../x", "up/x", "/tmp/x", "d/../../x", "magic/tmp/x")) {
      assertCode(FileError.Code.OUTSIDE, () -> files.makeDirectory(path));
      assertCode(FileError.Code.OUTSIDE, () -> files.write(path, bytes("bad"), false));
      assertCode(FileError.Code.OUTSIDE, () -> files.delete(path));
      assertCode(FileError.Code.OUTSIDE, () -> files.move("d", path));
      assertCode(FileError.Code.OUTSIDE, () -> files.move(path, "e"));
      assertCode(FileError.Code.OUTSIDE, () -> files.stat(path));
      assertCode(FileError.Code.OUTSIDE, () -> files.list(path, 5));
    }
    assertCode(FileError.Code.OUTSIDE, () -> files.delete(".."));
    assertCode(FileError.Code.OUTSIDE, () -> files.delete("d/.."));
    assertThat(Files.readString(secret)).isEqualTo("secret");
    files.delete("out");
    assertThat(secret).exists();
  }

  @Test
  void neverLeavesTheWorkspaceWhileDirectoriesAndLinksChangePlaces() throws IOException {
    Path outside = Files.createDirectory(real.root.resolve("outside"));
    Files.setAttribute(outside, "unix:mode", 0777);
    Path target = Files.writeString(outside.resolve("f"), "secret");
    Files.setAttribute(target, "unix:mode", 0666);
    sh("mkdir x; echo inside > x/f; ln -s ../outside y");
    String script =
        "import os,ctypes\nc=ctypes.CDLL(None)\nwhile True: c.renameat2(-100,b'x',-100,b'y',2)";
    var spec =
        ExecSpec.of(List.of("python3", "-c", script), Caps.DEFAULT)
            .withDirectory(real.workspace.toString());
    try (var racer = real.guest.start(spec)) {
      int inside = 0;
      for (int i = 0; i < 2000; i++) {
        inside += raceOnce(i) ? 1 : 0;
      }
      assertThat(inside).as("operations that found the directory").isPositive();
      racer.signal(9);
    }
    assertThat(Files.readString(target)).isEqualTo("secret");
    try (var entries = Files.list(outside)) {
      assertThat(entries).containsExactly(target);
    }
  }

  private boolean raceOnce(int turn) {
    try {
      switch (turn % 3) {
        case 0 -> assertThat(files.read("x/f", 0, 100)).isNotEqualTo(bytes("secret"));
        case 1 -> files.write("x/f", bytes("inside"), false);
        default -> files.makeDirectory("x/new");
      }
      return true;
    } catch (FileError e) {
      return false;
    }
  }
}
