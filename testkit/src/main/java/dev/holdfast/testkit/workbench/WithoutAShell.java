package dev.holdfast.testkit.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.End;
import dev.holdfast.workbench.FileEntry;
import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds on every layer, also where no program of a machine runs. */
interface WithoutAShell extends Fixture {
  @Test
  default void writesAndReadsContentOfAnySize() {
    for (int size : new int[] {0, 1, 65_535, 65_536, 65_537, 3_000_000}) {
      byte[] content = Fixture.noise(size);
      files().write("deep/er/file", content, false);
      assertThat(files().read("deep/er/file", 0, Integer.MAX_VALUE)).isEqualTo(content);
    }
    assertThat(files().read("deep/er/file", 2_999_990, 5)).hasSize(5);
    assertThat(files().read("deep/er/file", 4_000_000, 5)).isEmpty();
    assertThat(files().list("deep/er", 10)).extracting(FileEntry::name).containsExactly("file");
  }

  @Test
  default void saysWhatAPathNames() {
    byte[] x = Fixture.bytes("x");
    files().makeDirectory("kinds/d");
    files().write("kinds/f", Fixture.bytes("hello\n"), false);
    FileEntry file = files().stat("kinds/f").orElseThrow();
    assertThat(file.kind()).isEqualTo(FileEntry.Kind.FILE);
    assertThat(file.bytes()).isEqualTo(6);
    assertThat(files().stat("kinds/d").orElseThrow().kind()).isEqualTo(FileEntry.Kind.DIRECTORY);
    assertThat(files().stat("kinds/nothing")).isEmpty();
    assertThat(files().stat("kinds/f/below")).isEmpty();
    Fixture.assertCode(FileError.Code.IS_DIRECTORY, () -> files().read("kinds/d", 0, 1));
    Fixture.assertCode(FileError.Code.NOT_FOUND, () -> files().read("kinds/nothing", 0, 1));
    Fixture.assertCode(FileError.Code.IS_DIRECTORY, () -> files().write("kinds/d", x, false));
    Fixture.assertCode(FileError.Code.NOT_DIRECTORY, () -> files().write("kinds/f/b", x, false));
  }

  @Test
  default void movesAndMakesDirectories() {
    files().makeDirectory("a/b/c");
    files().makeDirectory("a/b/c");
    files().write("a/f", Fixture.bytes("1"), false);
    files().write("a/g", Fixture.bytes("2"), false);
    files().move("a/f", "a/g");
    files().move("a", "z");
    assertThat(files().read("z/g", 0, 10)).isEqualTo(Fixture.bytes("1"));
    assertThat(files().stat("z/b/c")).isPresent();
    Fixture.assertCode(FileError.Code.NOT_DIRECTORY, () -> files().makeDirectory("z/g/x"));
    Fixture.assertCode(FileError.Code.NOT_FOUND, () -> files().move("a", "b"));
  }

  @Test
  default void refusesPathsThatClimbOutOfTheWorkspace() {
    files().makeDirectory("climb/d");
    for (String path : List.of("../x", "/tmp/x", "climb/d/../../../x")) {
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().read(path, 0, 10));
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().write(path, new byte[1], false));
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().makeDirectory(path));
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().delete(path));
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().move("climb/d", path));
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().move(path, "climb/e"));
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().stat(path));
      Fixture.assertCode(FileError.Code.OUTSIDE, () -> files().list(path, 5));
    }
    assertThat(files().list("climb", 10)).extracting(FileEntry::name).containsExactly("d");
  }

  @Test
  default void doesNotStartWhatIsNotThere() {
    assertThat(workbench().exec(spec("no-such-program")).end()).isInstanceOf(End.NotStarted.class);
  }

  @Test
  default void aWorkbenchThatWasClosedIsGone() {
    var workbench = engine().create(WorkbenchSpec.over(newWorkspace(), CAPS));
    assertThat(workbench.alive()).isTrue();
    workbench.close();
    workbench.close();
    assertThat(workbench.alive()).isFalse();
    assertThatThrownBy(() -> workbench.exec(spec("true")))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("the workbench is gone");
    assertNothingLeft(workbench.id());
  }

  @Test
  default void nothingIsLeftOfAWorkbenchThatCouldNotBeMade() {
    WorkbenchSpec spec = WorkbenchSpec.over(newWorkspace().resolve("missing"), CAPS);
    assertThatThrownBy(() -> engine().create(spec)).isInstanceOf(WorkbenchException.class);
    assertNothingLeft(spec.id());
  }
}
