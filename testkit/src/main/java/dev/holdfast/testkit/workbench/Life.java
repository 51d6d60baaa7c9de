package dev.holdfast.testkit.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** How a workbench begins, what it shares with the host, and what is left of it: nothing. */
interface Life extends Fixture {
  @Test
  default void whatIsWrittenInsideIsOnTheHostAtOnceAndTheOtherWayRound() throws IOException {
    output("mkdir seen; echo inside > seen/file; chmod 751 seen; ln -s file seen/link");
    Path seen = workspace().resolve("seen");
    assertThat(seen.resolve("file")).hasContent("inside");
    assertThat(Files.getAttribute(seen, "unix:mode")).isEqualTo(040751);
    assertThat(Files.getAttribute(seen, "unix:uid")).isEqualTo(engine().owner());
    assertThat(Files.readSymbolicLink(seen.resolve("link"))).isEqualTo(Path.of("file"));
    Files.writeString(seen.resolve("file"), "from the host, and longer\n");
    assertThat(output("cat seen/link")).isEqualTo("from the host, and longer\n");
    Files.delete(seen.resolve("file"));
    Files.writeString(seen.resolve("new"), "x");
    assertThat(output("ls seen")).isEqualTo("link\nnew\n");
  }

  /** A file that a program still holds open and writes to counts too: checkpoints depend on it. */
  @Test
  default void theHostSeesTheWritesOfAProgramThatGoesOn() throws IOException {
    String write =
        "exec 3> open; echo one >&3; echo written; read x; echo two >&3; echo again; read x";
    try (Execution writer = workbench().start(spec("sh", "-c", write).withOpenStdin())) {
      assertThat(writer.stdout().readNBytes(8)).isEqualTo(Fixture.bytes("written\n"));
      assertThat(workspace().resolve("open")).hasContent("one");
      writer.stdin().write('\n');
      assertThat(writer.stdout().readNBytes(6)).isEqualTo(Fixture.bytes("again\n"));
      assertThat(workspace().resolve("open")).hasContent("one\ntwo");
    }
  }

  @Test
  default void mountsAndTheEnvironmentAreThereAsAskedFor() throws IOException {
    Path shared = newWorkspace();
    Files.writeString(shared.resolve("f"), "shared\n");
    var spec =
        new WorkbenchSpec(
            WorkbenchId.random(),
            Optional.empty(),
            List.of(
                new Mount(shared, "/mnt/read", Mount.Access.READ_ONLY),
                new Mount(shared, "/mnt/write", Mount.Access.READ_WRITE)),
            CAPS,
            Map.of("GREETING", "hello"));
    try (Workbench workbench = engine().create(spec)) {
      String script =
          "echo $GREETING; cat /mnt/read/f; echo x > /mnt/write/g; echo y > /mnt/read/h";
      var result = workbench.exec(spec("sh", "-c", script));
      assertThat(result.stdoutText()).isEqualTo("hello\nshared\n");
      assertThat(result.stderrText()).contains("Read-only file system");
    }
    assertThat(shared.resolve("g")).hasContent("x");
    assertThat(shared.resolve("h")).doesNotExist();
  }

  @Test
  default void twoWorkbenchesDoNotSeeOneAnother() {
    String hide =
        """
        import socket, time
        open('/tmp/mine', 'w').write('secret'); open('/dev/shm/mine', 'w').write('secret')
        a = socket.socket(socket.AF_UNIX); a.bind(chr(0) + 'hidden'); a.listen()
        t = socket.socket(); t.bind(('127.0.0.1', 4711)); t.listen()
        print('up', flush=True); time.sleep(60)
        """;
    String seek =
        """
        import os, socket
        print(os.path.exists('/tmp/mine'), os.path.exists('/dev/shm/mine'))
        for f, a in ((socket.AF_UNIX, chr(0) + 'hidden'), (socket.AF_INET, ('127.0.0.1', 4711))):
          try: socket.socket(f).connect(a); print('connected')
          except OSError: print('nobody')
        print(any('4711' in open('/proc/%s/cmdline' % p).read() and int(p) != os.getpid()
                  for p in os.listdir('/proc') if p.isdigit()))
        """;
    try (Execution hider = workbench().start(spec("python3", "-c", hide));
        Workbench other = engine().create(WorkbenchSpec.empty(CAPS))) {
      assertThat(hider.stdout().readNBytes(3)).isEqualTo(Fixture.bytes("up\n"));
      assertThat(other.exec(spec("python3", "-c", seek)).stdoutText())
          .isEqualTo("False False\nnobody\nnobody\nFalse\n");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    output("rm /tmp/mine /dev/shm/mine");
  }

  @Test
  default void nothingIsLeftOfAWorkbenchThatWasClosed() {
    Workbench workbench = engine().create(WorkbenchSpec.over(newWorkspace(), CAPS));
    ExecSpec daemon = spec("setsid", "-f", "sleep", "4242");
    assertThat(workbench.exec(daemon.withLeftovers(ExecSpec.Leftovers.KEEP)).succeeded()).isTrue();
    Execution running = workbench.start(spec("sleep", "4243"));
    workbench.close();
    workbench.close();
    assertThat(running.await()).isInstanceOf(End.WorkbenchLost.class);
    assertThat(workbench.alive()).isFalse();
    assertThatThrownBy(() -> workbench.exec(spec("true")))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("the workbench is gone");
    assertNothingLeft(workbench.id());
  }

  @Test
  default void manyAreMadeAtOnceAndAllAreRemoved() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Callable<WorkbenchId>>();
      for (int i = 0; i < 4; i++) {
        tasks.add(
            () -> {
              try (Workbench workbench = engine().create(WorkbenchSpec.empty(CAPS))) {
                assertThat(workbench.exec(spec("hostname")).stdoutText().strip())
                    .isEqualTo(workbench.id().value());
                return workbench.id();
              }
            });
      }
      for (var made : threads.invokeAll(tasks)) {
        assertNothingLeft(made.get());
      }
    }
  }
}
