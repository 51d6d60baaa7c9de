package dev.holdfast.workbench.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.FileEvent;
import dev.holdfast.workbench.FileEvents;
import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of files, as programs inside change them. */
@Timeout(60)
class WatchTest {
  @AutoClose private final RealGuest real = RealGuest.start();

  private void run(String... argv) {
    var result =
        real.guest.exec(
            ExecSpec.of(List.of(argv), Caps.DEFAULT).withDirectory(real.workspace.toString()));
    assertThat(result.succeeded()).as("%s %s", result.end(), result.stderrText()).isTrue();
  }

  private void sh(String script) {
    run("sh", "-c", script);
  }

  /** Everything up to the creation of a file that is made for it. */
  private List<FileEvent> until(FileEvents events, String mark) throws Exception {
    sh("touch " + mark);
    var all = new ArrayList<FileEvent>();
    var last = new FileEvent.Created(mark, false);
    for (var event = events.next().orElseThrow();
        !event.equals(last);
        event = events.next().orElseThrow()) {
      all.add(event);
    }
    return all;
  }

  @Test
  void whatHappensIsToldBelowNewAndRenamedDirectoriesToo() throws Exception {
    sh("mkdir -p old/deep; echo 1 > old/deep/file");
    try (var events = real.guest.watch("")) {
      sh("echo 2 >> old/deep/file");
      assertThat(until(events, "m1")).contains(new FileEvent.Changed("old/deep/file", false));
      sh("mv old new; echo 3 > new/deep/more");
      assertThat(until(events, "m2"))
          .contains(
              new FileEvent.Renamed("old", "new", true),
              new FileEvent.Created("new/deep/more", false));
      sh("mkdir -p a/b/c; echo 1 > a/b/c/f");
      assertThat(until(events, "m3"))
          .contains(
              new FileEvent.Created("a", true),
              new FileEvent.Created("a/b", true),
              new FileEvent.Created("a/b/c", true),
              new FileEvent.Created("a/b/c/f", false));
      sh("mv a/b/c/f a/g; rm -r new");
      assertThat(until(events, "m4"))
          .contains(
              new FileEvent.Renamed("a/b/c/f", "a/g", false),
              new FileEvent.Removed("new/deep/file", false),
              new FileEvent.Removed("new", true));
    }
  }

  @Test
  void whatLeavesOrComesIsRemovedOrCreatedAndOnlyTheDirectoryIsWatched() throws Exception {
    sh("mkdir -p in/d out; touch in/d/f out/g");
    try (var events = real.guest.watch("in")) {
      sh("touch out/unseen; mv in/d out; touch out/d/unseen; mv out/g in/g");
      assertThat(until(events, "in/mark"))
          .containsSubsequence(
              new FileEvent.Removed("in/d", true), new FileEvent.Created("in/g", false))
          .noneMatch(event -> event.toString().contains("unseen"));
      sh("rm -r in");
      for (var event = events.next(); event.isPresent(); event = events.next()) {
        assertThat(event.get()).isNotInstanceOf(FileEvent.Created.class);
      }
    }
  }

  @Test
  void moreThanCanBeToldIsOneOverflowAndThenItGoesOn() throws Exception {
    try (var events = real.guest.watch("")) {
      run(
          "python3",
          "-c",
          "import os\nfor i in range(60000):\n  open('f%d' % (i % 50), 'w').close(); os.remove('f%d' % (i % 50))");
      while (!events.next().orElseThrow().equals(new FileEvent.Overflow())) {
        assertThat(real.guest.alive()).isTrue();
      }
      until(events, "mark1");
      sh("mkdir later; touch later/f");
      assertThat(until(events, "mark2")).contains(new FileEvent.Created("later/f", false));
    }
  }

  @Test
  void tooManyDirectoriesAreSaid() throws Exception {
    run("python3", "-c", "import os\nfor i in range(8200): os.mkdir('d%d' % i)");
    try (var events = real.guest.watch("")) {
      assertThat(events.next().orElseThrow()).isInstanceOf(FileEvent.Unwatched.class);
      assertThat(until(events, "mark")).isEmpty();
    }
  }

  @Test
  void namesOfAnyBytesAndLinksAreTold() throws Exception {
    try (var events = real.guest.watch("")) {
      run("python3", "-c", "open(b'\\x1b[2J\\n\\xff', 'w'); import os; os.symlink('/etc', 'etc')");
      assertThat(until(events, "mark"))
          .contains(
              new FileEvent.Created("\033[2J\n\ufffd", false), new FileEvent.Created("etc", false));
    }
  }

  @Test
  void whatCannotBeWatchedIsRefused() throws Exception {
    sh("touch file; ln -s / root");
    assertThatThrownBy(() -> real.guest.watch("none")).isInstanceOf(FileError.class);
    assertThatThrownBy(() -> real.guest.watch("file")).isInstanceOf(FileError.class);
    assertThatThrownBy(() -> real.guest.watch("root/etc")).isInstanceOf(FileError.class);
    for (var path : List.of("..", "a/../b", "/etc", "a//b", "a\0b")) {
      assertThatThrownBy(() -> real.guest.watch(path)).isInstanceOf(IllegalArgumentException.class);
    }
    var open = new ArrayList<FileEvents>();
    for (int i = 0; i < 4; i++) {
      open.add(real.guest.watch(""));
    }
    assertThatThrownBy(() -> real.guest.watch("")).isInstanceOf(FileError.class);
    open.forEach(FileEvents::close);
    watchAgain().close();
  }

  /** The guest hears a moment later that the others were closed. */
  private FileEvents watchAgain() throws InterruptedException {
    while (true) {
      try {
        return real.guest.watch("");
      } catch (FileError full) {
        Thread.sleep(5);
      }
    }
  }

  @Test
  void itEndsWhenItIsClosedAndWithTheWorkbench() throws Exception {
    var closed = real.guest.watch("");
    var waiting = CompletableFuture.supplyAsync(() -> ends(closed));
    closed.close();
    closed.close();
    assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
    var lost = real.guest.watch("");
    real.kill();
    assertThat(ends(lost)).isTrue();
    assertThatThrownBy(() -> real.guest.watch("")).isInstanceOf(WorkbenchException.class);
  }

  private static boolean ends(FileEvents events) {
    try {
      return events.next().isEmpty();
    } catch (IOException ended) {
      return true;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
