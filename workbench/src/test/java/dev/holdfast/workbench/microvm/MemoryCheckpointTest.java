package dev.holdfast.workbench.microvm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Checkpoints;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.NotOnThisLayer;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchCheckpoint;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import dev.holdfast.workbench.oci.Traces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Machines made for checkpoints of memory, and what becomes of their files and programs. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MemoryCheckpointTest {
  private static final Caps CAPS = Caps.DEFAULT.withMemoryBytes(128L << 20);

  /** Writes through a map, and nothing but the kernel's own care brings that to the host. */
  private static final String MAPPED =
      """
      import mmap, os, time
      fd = os.open('/workspace/mapped', os.O_RDWR | os.O_CREAT)
      os.truncate(fd, 8192)
      memory = mmap.mmap(fd, 8192)
      memory[5000:5005] = b'early'
      open('/workspace/ready', 'w')
      while not os.path.exists('/workspace/go'):
          time.sleep(0.02)
      memory[6000:6004] = b'late'
      memory.flush()
      open('/workspace/done', 'w')
      """;

  @TempDir static Path home;
  private MicrovmEngine engine;
  private Checkpoints checkpoints;

  @BeforeAll
  void open() {
    engine = MicrovmEngine.open(home);
    checkpoints = engine.checkpoints().orElseThrow();
  }

  @AfterAll
  void close() {
    engine.close();
  }

  private static WorkbenchSpec spec() throws IOException {
    Path workspace = Files.createTempDirectory(home, "workspace");
    Files.setAttribute(workspace, "unix:uid", OciEngine.OWNER);
    Files.setAttribute(workspace, "unix:gid", OciEngine.OWNER);
    return WorkbenchSpec.over(workspace, CAPS).saving(Content.FILES_AND_MEMORY);
  }

  private static String run(Workbench workbench, String script) {
    var result = workbench.exec(ExecSpec.of("sh", "-c", script));
    assertThat(result.succeeded()).as("%s %s", result.end(), result.stderrText()).isTrue();
    return result.stdoutText();
  }

  private static String awaitFile(String name) {
    return "until test -e %s; do sleep 0.02; done; ".formatted(name);
  }

  @Test
  void whatWasWrittenThroughAMapIsSavedAndTheMapGoesOn() throws IOException {
    WorkbenchCheckpoint saved;
    try (Workbench workbench = engine.create(spec())) {
      var _ = workbench.start(ExecSpec.of("python3", "-c", MAPPED));
      run(workbench, awaitFile("ready"));
      saved = checkpoints.take(workbench, Content.FILES_AND_MEMORY);
    }
    WorkbenchSpec spec = spec();
    try (Workbench restored = checkpoints.restore(saved.id(), spec)) {
      Path mapped = spec.workspace().orElseThrow().resolve("mapped");
      assertThat(Files.readAllBytes(mapped)).containsSequence("early".getBytes(UTF_8));
      run(restored, "touch go; " + awaitFile("done"));
      assertThat(Files.readAllBytes(mapped)).containsSequence("late".getBytes(UTF_8));
    }
  }

  /** So a fork of a fork goes on, over the same template. */
  @Test
  void whatGoesOnIsSavedAgain() throws IOException {
    WorkbenchCheckpoint first;
    try (Workbench workbench = engine.create(spec())) {
      run(workbench, "head -c 3000000 /dev/urandom > /tmp/random; cp /tmp/random first");
      first = checkpoints.take(workbench, Content.FILES_AND_MEMORY);
    }
    WorkbenchCheckpoint second;
    try (Workbench restored = checkpoints.restore(first.id(), spec())) {
      run(restored, "cmp /tmp/random first; echo more >> /tmp/random");
      second = checkpoints.take(restored, Content.FILES_AND_MEMORY);
    }
    try (Workbench again = checkpoints.restore(second.id(), spec())) {
      assertThat(run(again, "head -c 3000000 /tmp/random | cmp - first; tail -n 1 /tmp/random"))
          .endsWith("more\n");
    }
  }

  @Test
  void aPausedOneIsSavedAndStaysPaused() throws IOException {
    try (Workbench workbench = engine.create(spec())) {
      run(workbench, "echo text > /tmp/file");
      workbench.pause();
      var first = checkpoints.take(workbench, Content.FILES_AND_MEMORY);
      var second = checkpoints.take(workbench, Content.FILES_AND_MEMORY);
      assertThatThrownBy(() -> run(workbench, "true")).hasMessageContaining("is paused");
      workbench.resume();
      assertThat(run(workbench, "cat /tmp/file")).isEqualTo("text\n");
      for (var saved : new WorkbenchCheckpoint[] {first, second}) {
        try (Workbench restored = checkpoints.restore(saved.id(), spec())) {
          assertThat(run(restored, "cat /tmp/file")).isEqualTo("text\n");
        }
      }
    }
  }

  @Test
  void aMachineThatWasNotMadeForItSaysSoAndGoesOn() throws IOException {
    try (Workbench workbench = engine.create(spec().saving(Content.FILES))) {
      assertThatThrownBy(() -> checkpoints.take(workbench, Content.FILES_AND_MEMORY))
          .isInstanceOf(NotOnThisLayer.class)
          .hasMessageContaining("that was not made for them");
      assertThat(run(workbench, "echo on")).isEqualTo("on\n");
      assertNoDraftsAreLeft();
    }
  }

  /** Its programs would find other bytes where theirs were. */
  @Test
  void anotherTemplateIsRefused() throws IOException {
    WorkbenchCheckpoint saved;
    try (Workbench workbench = engine.create(spec())) {
      saved = checkpoints.take(workbench, Content.FILES_AND_MEMORY);
    }
    Path other = Files.createTempDirectory(home, "other");
    try (MicrovmEngine elsewhere = MicrovmEngine.open(other)) {
      Path copy = other.resolve("checkpoints").resolve(saved.id().value());
      copy(saved.directory(), copy);
      WorkbenchSpec spec = spec();
      assertThatThrownBy(() -> elsewhere.checkpoints().orElseThrow().restore(saved.id(), spec))
          .isInstanceOf(WorkbenchException.class)
          .hasMessageContaining("another kernel, QEMU or Holdfast");
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)));
      }
    }
  }

  /** Programs that never wait, and files that are written all the time. */
  @Test
  void aBusyMachineComesToRest() throws IOException {
    try (Workbench workbench = engine.create(spec())) {
      var _ =
          workbench.start(
              ExecSpec.of("sh", "-c", "while :; do echo x >> busy; ls -l /usr/bin > list; done"));
      var _ = workbench.start(ExecSpec.of("sh", "-c", "while :; do :; done"));
      run(workbench, awaitFile("list"));
      for (int i = 0; i < 3; i++) {
        var saved = checkpoints.take(workbench, Content.FILES_AND_MEMORY);
        try (Workbench restored = checkpoints.restore(saved.id(), spec())) {
          String before = run(restored, "wc -c < busy");
          run(
              restored,
              "until [ $(wc -c < busy) -gt %s ]; do sleep 0.02; done".formatted(before.strip()));
        }
        checkpoints.remove(saved.id());
      }
    }
  }

  /** As of a machine whose files never come to rest: its file server stands still. */
  @Test
  void oneThatNeverComesToRestIsRefusedAndGoesOn() throws Exception {
    try (Workbench workbench = engine.create(spec())) {
      run(workbench, "echo text > file");
      List<ProcessHandle> servers = Monitors.processesOf(workbench.id(), "share");
      assertThat(servers).hasSize(2);
      String script = "touch started; sleep 1; while :; do echo x >> file; done";
      var _ = workbench.start(ExecSpec.of("sh", "-c", script));
      run(workbench, awaitFile("started"));
      signal(servers, "STOP");
      Thread.sleep(2000);
      assertThatThrownBy(() -> checkpoints.take(workbench, Content.FILES_AND_MEMORY))
          .isInstanceOf(WorkbenchException.class)
          .hasMessageContaining("did not");
      signal(servers, "CONT");
      assertThat(run(workbench, "head -n 1 file")).isEqualTo("text\n");
      assertNoDraftsAreLeft();
      checkpoints.remove(checkpoints.take(workbench, Content.FILES_AND_MEMORY).id());
    }
  }

  @Test
  void oneWhoseMonitorDiesMeanwhileIsRefusedAndLeavesNothing() throws Exception {
    for (String process : List.of("qemu", "share")) {
      Workbench workbench = engine.create(spec());
      run(workbench, "dd if=/dev/urandom of=/tmp/random bs=1M count=60 2>/dev/null");
      Thread killer =
          Thread.startVirtualThread(
              () -> {
                LockSupport.parkNanos(30_000_000);
                Monitors.processesOf(workbench.id(), process)
                    .forEach(ProcessHandle::destroyForcibly);
              });
      try {
        checkpoints.remove(checkpoints.take(workbench, Content.FILES_AND_MEMORY).id());
      } catch (WorkbenchException refused) {
        assertThat(refused).isNotInstanceOf(NotOnThisLayer.class);
      }
      killer.join();
      workbench.close();
      assertThat(Monitors.areGone(List.of(workbench.id().value()))).isTrue();
      Traces.assertNone(home, workbench.id());
      assertNoDraftsAreLeft();
    }
  }

  private static void signal(List<ProcessHandle> processes, String name) throws Exception {
    for (ProcessHandle process : processes) {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }
  }

  private static void assertNoDraftsAreLeft() throws IOException {
    try (Stream<Path> all = Files.list(home.resolve("checkpoints"))) {
      assertThat(all.map(path -> path.getFileName().toString()))
          .noneMatch(n -> n.contains("draft"));
    }
  }
}
