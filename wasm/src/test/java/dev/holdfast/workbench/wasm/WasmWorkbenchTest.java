package dev.holdfast.workbench.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Capability;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.NotOnThisLayer;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A workbench in memory: what it shares with the other layers, and where it differs. */
@Timeout(120)
class WasmWorkbenchTest {
  private static final Caps CAPS = Caps.DEFAULT.withMemoryBytes(16L << 20);

  private final WasmEngine engine = new WasmEngine();
  private final Workbench workbench = engine.create(WorkbenchSpec.empty(CAPS));

  @AfterEach
  void end() {
    engine.close();
  }

  @Test
  void aModuleOfTheWorkspaceIsAProgram() {
    assertThat(run("say", "x").stdoutText()).startsWith("program.wasm\nsay\nx\n");
    assertThat(run("exit", "3").end()).isEqualTo(new End.Exited(3));
    assertThat(exec(spec("loop").withWallTime(Duration.ofSeconds(1))).end())
        .isEqualTo(new End.TimedOut(Duration.ofSeconds(1)));
    assertThat(exec(spec("flood").withOutputBytes(1000)).end())
        .isEqualTo(new End.OutputExceeded(1000));
    assertThat(run("grow").end()).isEqualTo(new End.OutOfMemory(16L << 20));
  }

  @Test
  void whatIsNoModuleIsNotStarted() {
    workbench.files().write("text.wasm", bytes("hello"), true);
    for (var program : List.of("sh", "/bin/sh", "../x.wasm", "text.wasm", "/workspace")) {
      assertThat(workbench.exec(ExecSpec.of(List.of(program), CAPS)).end())
          .as(program)
          .isInstanceOf(End.NotStarted.class);
    }
  }

  @Test
  void filesStayBetweenCallsAndAreTheOnesThatTheHostSees() {
    assertThat(run("put", "/workspace/out.txt", "written").end()).isEqualTo(new End.Exited(0));
    assertThat(workbench.files().read("out.txt", 0, 100)).isEqualTo(bytes("written"));
    workbench.files().write("d/in.txt", bytes("given"), false);
    assertThat(run("cat", "d/in.txt").stdoutText()).isEqualTo("given");
    assertThat(exec(spec("cat", "in.txt").withDirectory("/workspace/d")).end())
        .isInstanceOf(End.NotStarted.class); // the module is not in that directory
    workbench.files().delete("d");
    assertThat(workbench.files().stat("d")).isEmpty();
    assertThat(run("moves").stdoutText()).isEqualTo("-1\n7\n-1\n6 tent++\n");
  }

  @Test
  void noPathLeavesTheWorkspace() {
    for (var path : List.of("../x", "/etc/passwd", "d/../../x")) {
      workbench.files().makeDirectory("d");
      assertCode(FileError.Code.OUTSIDE, () -> workbench.files().read(path, 0, 1));
      assertCode(FileError.Code.OUTSIDE, () -> workbench.files().write(path, bytes("x"), false));
      assertCode(FileError.Code.OUTSIDE, () -> workbench.files().delete(path));
    }
    assertCode(FileError.Code.NOT_ALLOWED, () -> workbench.files().delete("."));
  }

  @Test
  void filesAreBoundedAlsoThoseWithoutAName() {
    var hoarded = Long.parseLong(run("hoard").stdoutText().strip());
    assertThat(hoarded).isBetween(8L << 20, 16L << 20);
    // With the program's end its files are free again.
    assertThat(Long.parseLong(run("hoard").stdoutText().strip())).isEqualTo(hoarded);
    assertCode(
        FileError.Code.NO_SPACE, () -> workbench.files().write("big", new byte[17 << 20], false));
  }

  @Test
  void aWorkspaceIsCopiedInWithoutItsLinks(@TempDir Path workspace, @TempDir Path outside)
      throws IOException {
    Files.writeString(outside.resolve("secret"), "secret");
    Files.writeString(workspace.resolve("a.txt"), "a");
    Files.createSymbolicLink(workspace.resolve("link"), outside.resolve("secret"));
    Files.createSymbolicLink(workspace.resolve("dir"), outside);
    try (var copied = engine.create(WorkbenchSpec.over(workspace, CAPS))) {
      assertThat(copied.files().list(".", 10)).extracting(it -> it.name()).containsExactly("a.txt");
      copied.files().write("a.txt", bytes("changed"), false);
    }
    assertThat(workspace.resolve("a.txt")).hasContent("a");
    Files.write(workspace.resolve("big"), new byte[17 << 20]);
    assertThatThrownBy(() -> engine.create(WorkbenchSpec.over(workspace, CAPS)))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("use another layer");
  }

  @Test
  void inputGoesInWhileItRuns() throws IOException {
    install();
    try (var running = workbench.start(spec("upper").withOpenStdin())) {
      running.stdin().write(bytes("one "));
      running.stdin().write(bytes("two"));
      running.stdin().close();
      assertThat(running.stdout().readAllBytes()).isEqualTo(bytes("ONE TWO"));
      assertThat(running.await()).isEqualTo(new End.Exited(0));
      assertThatThrownBy(() -> running.stdin().write(1)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whatRunsCanBeEnded() {
    install();
    try (var loop = workbench.start(spec("loop"))) {
      assertLacks(Capability.SIGNALS, () -> loop.signal(10));
      loop.signal(15);
      assertThat(loop.await()).isEqualTo(new End.Signalled(15));
    }
    try (var waiting = workbench.start(spec("upper").withOpenStdin())) {
      workbench.killAll();
      assertThat(waiting.await()).isEqualTo(new End.Signalled(9));
    }
    try (var loop = workbench.start(spec("loop"))) {
      workbench.close();
      assertThat(loop.await()).isInstanceOf(End.WorkbenchLost.class);
    }
    assertThat(workbench.alive()).isFalse();
    assertThatThrownBy(() -> run("say")).isInstanceOf(WorkbenchException.class);
  }

  @Test
  void whatTheLayerLacksIsRefusedByName() {
    install();
    var terminal = spec("say").withTerminal(new ExecSpec.TerminalSize(24, 80));
    assertLacks(Capability.TERMINAL, () -> workbench.start(terminal));
    assertLacks(Capability.PAUSE, workbench::pause);
    assertLacks(Capability.PAUSE, workbench::resume);
    assertLacks(Capability.RELAYS, () -> workbench.relay(80, Path.of("/x")).close());
  }

  private static void assertLacks(Capability capability, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            NotOnThisLayer.class, it -> assertThat(it.capability()).isEqualTo(capability));
  }

  private static void assertCode(FileError.Code code, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(FileError.class, it -> assertThat(it.code()).isEqualTo(code));
  }

  private void install() {
    workbench.files().write("program.wasm", Compiler.PROGRAM.bytes(), true);
  }

  private ExecResult run(String... arguments) {
    return exec(spec(arguments));
  }

  private ExecResult exec(ExecSpec spec) {
    install();
    return workbench.exec(spec);
  }

  private static ExecSpec spec(String... arguments) {
    var argv = new java.util.ArrayList<>(List.of("program.wasm"));
    argv.addAll(List.of(arguments));
    return ExecSpec.of(argv, CAPS).withWallTime(Duration.ofSeconds(30));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
