package dev.holdfast.testkit.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Capability;
import dev.holdfast.workbench.Checkpoints;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.NotOnThisLayer;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchCheckpoint;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pausing, saving, restoring and forking. */
interface SavedStates extends Fixture {
  /** What the counter begins with is in its memory only, as it removes the file. */
  long BASE = 1_000_000;

  /** Counts up in memory, beside a file that it keeps open. */
  String COUNTER =
      """
      import os, time
      count, out = int(open('/workspace/base').read()), open('/workspace/count', 'w')
      os.remove('/workspace/base')
      while True:
          count += 1
          out.seek(0)
          out.write('%d %d\\n' % (count, os.getpid()))
          out.flush()
          time.sleep(0.02)
      """;

  default Checkpoints checkpoints() {
    return engine().checkpoints().orElseThrow();
  }

  private Workbench fresh() {
    return engine().create(WorkbenchSpec.over(newWorkspace(), CAPS).saving(checkpoints().most()));
  }

  private String run(Workbench workbench, String script) {
    var result = workbench.exec(spec("sh", "-c", script));
    assertThat(result.succeeded()).as("%s %s", result.end(), result.stderrText()).isTrue();
    return result.stdoutText();
  }

  private long count(Workbench workbench) {
    return Long.parseLong(run(workbench, "cut -d' ' -f1 /workspace/count").strip());
  }

  private void startCounter(Workbench workbench) {
    run(workbench, "echo %d > base".formatted(BASE));
    var _ = workbench.start(spec("python3", "-c", COUNTER));
    awaitCount(workbench, BASE + 3);
  }

  private void awaitCount(Workbench workbench, long least) {
    for (int i = 0; i < 500; i++) {
      String text = run(workbench, "cut -d' ' -f1 /workspace/count 2>/dev/null || true").strip();
      if (!text.isEmpty() && Long.parseLong(text) >= least) {
        return;
      }
      LockSupport.parkNanos(20_000_000);
    }
    throw new AssertionError("the counter did not reach " + least);
  }

  @Test
  default void filesGoOnFromWhereTheyWereSaved() throws IOException {
    WorkbenchCheckpoint saved;
    Path from = newWorkspace();
    try (Workbench workbench = engine().create(WorkbenchSpec.over(from, CAPS))) {
      run(workbench, "mkdir -p a/b; echo one > a/b/file; ln -s /etc/passwd link; chmod 750 a");
      run(workbench, "ln a/b/file hard; truncate -s 4M hole; touch old");
      saved = checkpoints().take(workbench, Content.FILES);
      run(workbench, "echo two > a/b/file; rm link");
    }
    Path into = newWorkspace();
    try (Workbench restored = checkpoints().restore(saved.id(), WorkbenchSpec.over(into, CAPS))) {
      assertThat(
              run(
                  restored,
                  "cat a/b/file; readlink link; stat -c %a a; test -O a && stat -c %h hard"))
          .isEqualTo("one\n/etc/passwd\n750\n2\n");
      assertThat(Files.size(into.resolve("hole"))).isEqualTo(4 << 20);
      assertThat(Files.getLastModifiedTime(into.resolve("old")))
          .isEqualTo(Files.getLastModifiedTime(from.resolve("old")));
      assertThat(Files.readString(into.resolve("a/b/file"))).isEqualTo("one\n");
    } finally {
      checkpoints().remove(saved.id());
    }
  }

  @Test
  default void programsGoOnWithTheirMemoryWhereTheLayerCan() {
    Workbench workbench = fresh();
    try {
      startCounter(workbench);
      if (checkpoints().most() == Content.FILES) {
        assertThatThrownBy(() -> checkpoints().take(workbench, Content.FILES_AND_MEMORY))
            .isInstanceOfSatisfying(
                NotOnThisLayer.class,
                e -> assertThat(e.capability()).isEqualTo(Capability.MEMORY_CHECKPOINTS))
            .hasMessageContaining("only of files");
        return;
      }
      WorkbenchCheckpoint saved = checkpoints().take(workbench, Content.FILES_AND_MEMORY);
      awaitCount(workbench, count(workbench) + 3);
      long ahead = count(workbench);
      run(workbench, "kill $(cut -d' ' -f2 count)");
      goesOnIn(saved, ahead);
    } finally {
      workbench.close();
    }
  }

  private void goesOnIn(WorkbenchCheckpoint saved, long ahead) {
    Path into = newWorkspace();
    try (Workbench restored = checkpoints().restore(saved.id(), WorkbenchSpec.over(into, CAPS))) {
      long first = count(restored);
      assertThat(first).isGreaterThanOrEqualTo(BASE + 3);
      awaitCount(restored, Math.max(ahead, first) + 10);
      restored.killAll();
      long last = count(restored);
      LockSupport.parkNanos(200_000_000);
      assertThat(count(restored)).isEqualTo(last);
    } finally {
      checkpoints().remove(saved.id());
    }
  }

  @Test
  default void forksGoTheirOwnWays() throws IOException {
    WorkbenchCheckpoint saved;
    try (Workbench workbench = fresh()) {
      run(workbench, "echo common > file");
      saved = checkpoints().take(workbench, checkpoints().most());
    }
    var specs = new ArrayList<WorkbenchSpec>();
    for (int i = 0; i < 3; i++) {
      specs.add(WorkbenchSpec.over(newWorkspace(), CAPS));
    }
    List<Workbench> forks = checkpoints().fork(saved.id(), specs);
    try {
      assertThat(forks).hasSize(3);
      for (Workbench fork : forks) {
        run(fork, "hostname >> file; echo " + fork.id() + " >> file");
      }
      for (int i = 0; i < 3; i++) {
        Path file = specs.get(i).workspace().orElseThrow().resolve("file");
        assertThat(Files.readString(file))
            .startsWith("common\n")
            .endsWith(specs.get(i).id() + "\n");
        assertThat(Files.readAllLines(file)).hasSize(3);
      }
    } finally {
      forks.forEach(Workbench::close);
      checkpoints().remove(saved.id());
    }
    specs.forEach(spec -> assertNothingLeft(spec.id()));
  }

  @Test
  default void savedStatesAreListedAndRemoved() throws IOException {
    try (Workbench workbench = fresh()) {
      WorkbenchCheckpoint saved = checkpoints().take(workbench, Content.FILES);
      assertThat(saved.layer()).isEqualTo(engine().layer());
      assertThat(saved.workbench()).isEqualTo(workbench.id());
      assertThat(saved.digest()).matches("sha256:[0-9a-f]{64}");
      assertThat(saved.bytes()).isPositive();
      assertThat(checkpoints().list()).contains(saved);
      checkpoints().remove(saved.id());
      checkpoints().remove(saved.id());
      assertThat(checkpoints().list()).doesNotContain(saved);
      assertThat(saved.directory()).doesNotExist();
      assertThatThrownBy(
              () -> checkpoints().restore(saved.id(), WorkbenchSpec.over(newWorkspace(), CAPS)))
          .isInstanceOf(WorkbenchException.class)
          .hasMessageContaining("`" + saved.id() + "` does not exist");
    }
  }

  @Test
  default void whatWasChangedOrDoesNotFitIsNotRestored() throws IOException {
    WorkbenchCheckpoint saved;
    try (Workbench workbench = fresh()) {
      run(workbench, "echo text > file");
      saved = checkpoints().take(workbench, checkpoints().most());
    }
    try {
      Path full = newWorkspace();
      Files.writeString(full.resolve("here"), "x");
      assertRefused(saved, WorkbenchSpec.over(full, CAPS), "is not empty");
      assertRefused(saved, WorkbenchSpec.empty(CAPS), "workspace");
      if (saved.content() == Content.FILES_AND_MEMORY) {
        var other = CAPS.withMemoryBytes(2 * CAPS.memoryBytes());
        assertRefused(saved, WorkbenchSpec.over(newWorkspace(), other), "other caps");
      }
      try (Stream<Path> parts = Files.walk(saved.directory())) {
        Path part = parts.filter(path -> path.toString().endsWith(".tar")).findAny().orElseThrow();
        Files.write(part, new byte[] {1}, StandardOpenOption.APPEND);
      }
      assertRefused(saved, WorkbenchSpec.over(newWorkspace(), CAPS), "has been changed");
    } finally {
      checkpoints().remove(saved.id());
    }
  }

  private void assertRefused(WorkbenchCheckpoint saved, WorkbenchSpec spec, String why) {
    assertThatThrownBy(() -> checkpoints().restore(saved.id(), spec))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining(why);
    assertNothingLeft(spec.id());
  }

  @Test
  default void aPausedWorkbenchStandsStillAndGoesOn() {
    Path files = newWorkspace();
    try (Workbench workbench = engine().create(WorkbenchSpec.over(files, CAPS))) {
      startCounter(workbench);
      workbench.pause();
      workbench.pause();
      assertThat(workbench.alive()).isTrue();
      assertThatThrownBy(() -> workbench.exec(spec("true")))
          .isInstanceOf(WorkbenchException.class)
          .hasMessageContaining("is paused");
      String before = hostsView(files);
      LockSupport.parkNanos(300_000_000);
      assertThat(hostsView(files)).isEqualTo(before);
      workbench.resume();
      workbench.resume();
      awaitCount(workbench, Long.parseLong(before.split(" ", -1)[0]) + 3);
    }
  }

  /** The counter's file, as the host sees it. */
  private String hostsView(Path files) {
    try {
      return Files.readString(files.resolve("count"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  default void theTimeOfAPauseDoesNotCount() {
    try (Workbench workbench = fresh()) {
      var spec = ExecSpec.of(List.of("sh", "-c", "sleep 1; echo done"), CAPS);
      var running = workbench.start(spec.withWallTime(java.time.Duration.ofSeconds(3)));
      workbench.pause();
      LockSupport.parkNanos(3_500_000_000L);
      workbench.resume();
      assertThat(running.await()).isEqualTo(new dev.holdfast.workbench.End.Exited(0));
    }
  }

  @Test
  default void aPausedWorkbenchEndsWithoutATrace() {
    Workbench workbench = fresh();
    startCounter(workbench);
    workbench.pause();
    workbench.close();
    assertNothingLeft(workbench.id());
  }

  @Test
  default void onlyALiveWorkbenchOfThisLayerIsSaved() {
    Workbench workbench = fresh();
    workbench.close();
    assertThatThrownBy(() -> checkpoints().take(workbench, Content.FILES))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("is not a live one");
  }
}
